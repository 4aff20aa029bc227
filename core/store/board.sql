-- name: standing
-- The boards that stand in chats, oldest first.
SELECT id, chat, message FROM copies WHERE entity = 'board' AND entity_id = 1 ORDER BY id;

-- name: of_chat
-- Those of one chat.
SELECT id, message FROM copies WHERE entity = 'board' AND entity_id = 1 AND chat = :chat ORDER BY id;
