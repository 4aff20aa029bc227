-- Logins by a code the owner scans. `code` is sealed, and gone when the login is over; it goes to the room `chat` alone.
CREATE TABLE logins (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  state TEXT NOT NULL CHECK (state IN ('asked', 'waiting', 'scanned', 'checking', 'done', 'expired', 'cancelled',
    'wrong_account', 'failed')),
  chat TEXT NOT NULL,
  code BLOB,
  detail TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  asked_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
-- One at a time an account, whoever asks.
CREATE UNIQUE INDEX logins_running ON logins (account_id)
WHERE state IN ('asked', 'waiting', 'scanned', 'checking');

-- When the owner gave the present login, and when it will end by its own word.
ALTER TABLE accounts ADD COLUMN logged_in_at INTEGER;
ALTER TABLE accounts ADD COLUMN login_ends_at INTEGER;
