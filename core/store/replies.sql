-- name: add
-- A message of the owner's people became words to a buyer.
INSERT INTO replies (outbox_id, chat, message, at) VALUES (:outbox_id, :chat, :message, :now) ON CONFLICT DO NOTHING;

-- name: find
-- The message that became these words.
SELECT chat, message, at FROM replies WHERE outbox_id = :outbox_id;

-- name: of_message
-- The words a message became.
SELECT outbox_id FROM replies WHERE chat = :chat AND message = :message LIMIT 1;
