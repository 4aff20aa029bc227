-- How a notice was told: its rank among those that wait, what became of it, where, and what counted it instead.
ALTER TABLE notices ADD COLUMN priority INTEGER NOT NULL DEFAULT 2;
ALTER TABLE notices ADD COLUMN outcome TEXT CHECK (outcome IN ('told', 'off', 'muted', 'folded', 'gone', 'failed'));
ALTER TABLE notices ADD COLUMN told_in TEXT;
ALTER TABLE notices ADD COLUMN mute_id INTEGER;
ALTER TABLE notices ADD COLUMN digest_id INTEGER;
UPDATE notices SET outcome = CASE state WHEN 'failed' THEN 'failed' ELSE 'told' END WHERE state IN ('done', 'failed');
CREATE INDEX notices_log ON notices (done_at) WHERE outcome IS NOT NULL AND kind != 'redraw';
CREATE INDEX notices_muted ON notices (mute_id, id) WHERE mute_id IS NOT NULL;
CREATE INDEX notices_folded ON notices (digest_id, id) WHERE digest_id IS NOT NULL;

-- How loudly the owner wants an event, or one kind of notice, told.
CREATE TABLE loudness (
  event TEXT PRIMARY KEY,
  level TEXT NOT NULL CHECK (level IN ('on', 'silent', 'off'))
) STRICT, WITHOUT ROWID;

-- Minutes of the shop's day between which notices make no sound.
CREATE TABLE quiet_hours (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1439)
) STRICT;

-- Where an event is told first: a chat, and a topic of it.
CREATE TABLE topics (
  event TEXT PRIMARY KEY,
  chat TEXT NOT NULL,
  topic TEXT
) STRICT, WITHOUT ROWID;

-- What is counted instead of shown, for a while or so many times.
CREATE TABLE mutes (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('event', 'kind', 'order', 'product', 'chat')),
  word TEXT NOT NULL,
  entity_id INTEGER NOT NULL DEFAULT 0,
  until_at INTEGER,
  remaining INTEGER,
  muted INTEGER NOT NULL DEFAULT 0,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE INDEX mutes_on ON mutes (until_at) WHERE ended_at IS NULL;

-- The owner's message that became words to a buyer.
CREATE TABLE replies (
  outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id),
  chat TEXT NOT NULL,
  message TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX replies_message ON replies (chat, message);
