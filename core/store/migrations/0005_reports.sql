-- The day's numbers by the shop's hours: what "today until 21:00" is compared with.
CREATE TABLE hourly (
  day TEXT NOT NULL,
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (day, hour, name)
) STRICT, WITHOUT ROWID;

-- Calendar alarms: since when each is set, and when it is next due.
CREATE TABLE alarms (
  name TEXT PRIMARY KEY,
  since_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports that were told: one a kind and shop day. `hours` of the day are in it, counted from midnight.
CREATE TABLE reports (
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  hours INTEGER NOT NULL CHECK (hours BETWEEN 0 AND 24),
  told_at INTEGER NOT NULL,
  PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
