-- A pause of one account.
CREATE TABLE account_pauses (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('all', 'product', 'chat', 'account', 'stop')),
  entity_id INTEGER,
  until_at INTEGER,
  by TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
INSERT INTO account_pauses (id, scope, entity_id, until_at, by, reason, at, ended_at, ended_by)
SELECT id, scope, entity_id, until_at, by, reason, at, ended_at, ended_by FROM pauses;
DROP TABLE pauses;
ALTER TABLE account_pauses RENAME TO pauses;
CREATE INDEX pauses_on ON pauses (scope, entity_id) WHERE ended_at IS NULL;

-- The shop a chat is for: its alerts go there first. NULL is every shop.
ALTER TABLE rooms ADD COLUMN shop TEXT;

-- The day's numbers by account, beside those of all together.
CREATE TABLE account_days (
  day TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (day, account_id, name)
) STRICT, WITHOUT ROWID;
