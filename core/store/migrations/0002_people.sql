-- One person, however many ids: a Telegram id and a WeCom id are two identities of one member.
CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT CHECK (role IN ('viewer', 'operator', 'owner')),
  locale TEXT,
  added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE identities (
  who TEXT PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES people (id),
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO people (id, name, role, added_at) SELECT id, name, role, added_at FROM members;
INSERT INTO identities (who, member_id, added_at) SELECT who, id, added_at FROM members;
DROP TABLE members;
ALTER TABLE people RENAME TO members;
CREATE INDEX identities_member ON identities (member_id);

-- The owner's chats in which the shop may speak. The first one bound is where alerts go first.
CREATE TABLE rooms (
  chat TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('terminal', 'private', 'group')),
  title TEXT NOT NULL DEFAULT '',
  locale TEXT,
  bound_at INTEGER NOT NULL,
  left_at INTEGER
) STRICT;
INSERT INTO rooms (chat, kind, bound_at)
SELECT chat, CASE chat WHEN 'terminal' THEN 'terminal' ELSE 'group' END, bound_at FROM group_chats;
DROP TABLE group_chats;
