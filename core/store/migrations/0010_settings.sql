-- Settings an owner chose in the chat: they lie over file and environment, also after a restart.
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
