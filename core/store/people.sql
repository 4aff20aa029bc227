-- name: find
-- One person of the owner's group.
SELECT who, name, role FROM members WHERE who = :who;

-- name: keep
-- A person, or the person's new name and role.
INSERT INTO members (who, name, role, added_at) VALUES (:who, :name, :role, :now)
ON CONFLICT (who) DO UPDATE SET name = excluded.name, role = excluded.role;

-- name: bind
-- A chat the shop may speak in.
INSERT INTO group_chats (chat, bound_at) VALUES (:chat, :now) ON CONFLICT (chat) DO NOTHING;

-- name: bound
-- Whether the shop may speak in a chat.
SELECT 1 FROM group_chats WHERE chat = :chat;
