-- A group that became another chat (a supergroup): what still comes from the old one belongs to the new one.
ALTER TABLE rooms ADD COLUMN moved_to TEXT;

-- One-time codes that make whoever types them an owner. The code itself is only ever printed.
CREATE TABLE binding_codes (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by TEXT,
  used_in TEXT
) STRICT;

-- What a person did last.
CREATE INDEX acts_who ON acts (who, id);
