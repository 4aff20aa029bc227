-- The same as `durations`, of one account each: what its shipments and calls took.
CREATE TABLE durations_of_account (
  day TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  upto_ms INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, account_id, name, upto_ms)
) STRICT, WITHOUT ROWID;
