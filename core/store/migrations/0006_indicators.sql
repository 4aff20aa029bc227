-- How long things took, counted in fixed buckets: `upto_ms` is a bucket's upper end.
CREATE TABLE durations (
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  upto_ms INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, name, upto_ms)
) STRICT, WITHOUT ROWID;

-- How long of a day the shop was there, and how long it was not: from the gaps between its signs of life.
CREATE TABLE presence (
  day TEXT PRIMARY KEY,
  up_ms INTEGER NOT NULL DEFAULT 0,
  down_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
