-- name: bind
-- A chat the shop may speak in; one it had to leave is open to it again.
INSERT INTO rooms (chat, kind, title, bound_at) VALUES (:chat, :kind, :title, :now)
ON CONFLICT (chat) DO UPDATE SET left_at = NULL;

-- name: find
-- One chat the shop may speak in.
SELECT chat, kind, title, locale, left_at FROM rooms WHERE chat = :chat;

-- name: list
-- Every chat the shop may speak in, first bound first.
SELECT chat, kind, title, locale, left_at FROM rooms ORDER BY bound_at, rowid;
