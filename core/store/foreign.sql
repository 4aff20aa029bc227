-- name: add
-- Somebody else sells in a conversation.
INSERT INTO foreign_chats (account_id, chat_no, known_at) VALUES (:account_id, :chat_no, :now) ON CONFLICT DO NOTHING;

-- name: find
-- Whether somebody else sells in a conversation.
SELECT 1 FROM foreign_chats WHERE account_id = :account_id AND chat_no = :chat_no;

-- name: drop
-- The platform says by now that we sell there.
DELETE FROM foreign_chats WHERE account_id = :account_id AND chat_no = :chat_no;

-- name: silence
-- What was heard there before that was known is not answered.
UPDATE chats SET answered_through = coalesce((SELECT max(id) FROM messages WHERE chat_id = chats.id), answered_through),
  answer_due_at = NULL, burst_from = NULL
WHERE account_id = :account_id AND chat_no = :chat_no;
