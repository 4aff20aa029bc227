-- name: keep
-- A conversation is made at first sight; buyer and item once known are kept.
INSERT INTO chats (account_id, chat_no, buyer_id, item_id, item_title, changed_at)
VALUES (:account_id, :chat_no, :buyer_id, :item_id, :item_title, :now)
ON CONFLICT (account_id, chat_no) DO UPDATE SET buyer_id = coalesce(buyer_id, excluded.buyer_id),
  item_id = coalesce(excluded.item_id, item_id),
  item_title = CASE excluded.item_title WHEN '' THEN item_title ELSE excluded.item_title END,
  changed_at = excluded.changed_at
RETURNING id, mode, burst_from;

-- name: find
-- One conversation.
SELECT c.id, c.account_id, a.name AS account, a.platform, c.chat_no, c.buyer_id, b.user_id AS buyer_user_id, b.nick, b.blocked_reason,
  c.item_id, c.item_title, c.mode, c.human_until, c.taken_by, c.answered_through, c.answer_due_at, c.burst_from,
  c.bargain_rounds, c.version
FROM chats AS c JOIN accounts AS a ON a.id = c.account_id LEFT JOIN buyers AS b ON b.id = c.buyer_id
WHERE c.id = :id;

-- name: by_no
-- The conversation a platform id names.
SELECT id, buyer_id, item_id, mode FROM chats WHERE account_id = :account_id AND chat_no = :chat_no;

-- name: plan_answer
-- A buyer spoke: the answer is due after the debounce.
UPDATE chats SET answer_due_at = :due_at, burst_from = coalesce(burst_from, :now) WHERE id = :id;

-- name: due
-- Conversations whose answer is due and not paused, oldest first; none of accounts that have all their places taken
-- (`full`, a JSON list), nor of those that stand in the configuration no more.
SELECT c.id, c.account_id FROM chats AS c INDEXED BY chats_due
WHERE c.answer_due_at <= :now AND c.account_id NOT IN (SELECT value FROM json_each(:full))
  AND c.account_id NOT IN (SELECT id FROM accounts WHERE removed_at IS NOT NULL) AND NOT EXISTS (
  SELECT 1 FROM pauses AS p INDEXED BY pauses_on
  WHERE p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at > :now)
    AND (p.scope IN ('all', 'stop') OR (p.scope = 'chat' AND p.entity_id = c.id)
      OR (p.scope = 'account' AND p.entity_id = c.account_id)))
ORDER BY c.answer_due_at LIMIT :most;

-- name: next_due
-- When the next answer is due, or a pause that holds some up ends.
SELECT min(due_at) AS due_at FROM (
  SELECT min(answer_due_at) AS due_at FROM chats WHERE answer_due_at > :now
  UNION ALL SELECT min(until_at) FROM pauses WHERE ended_at IS NULL AND until_at > :now);

-- name: answered
-- What was heard up to a message is dealt with; it fails when that was done before. Newer messages keep their turn.
UPDATE chats SET answered_through = :through, version = version + 1, burst_from = NULL, changed_at = :now,
  bargain_rounds = bargain_rounds + :bargained,
  answer_due_at = CASE WHEN EXISTS (
    SELECT 1 FROM messages AS m WHERE m.chat_id = chats.id AND m.id > :through AND m.sender = 'buyer'
  ) THEN answer_due_at ELSE NULL END
WHERE id = :id AND answered_through < :through AND (mode = 'auto' OR :silent);

-- name: put_off
-- Nothing can be decided now; look again later.
UPDATE chats SET answer_due_at = :due_at WHERE id = :id AND answer_due_at IS NOT NULL;

-- name: take_over
-- A person speaks in this conversation; automatic answers stop.
UPDATE chats SET mode = 'human', human_until = :until, taken_by = :by, version = version + 1 WHERE id = :id;

-- name: end_takeover
-- Automatic answers go on; what was said meanwhile counts as answered. Only an idle one, when an instant is given.
UPDATE chats SET mode = 'auto', human_until = NULL, taken_by = '', version = version + 1,
  answered_through = coalesce((SELECT max(id) FROM messages WHERE chat_id = chats.id), answered_through),
  answer_due_at = NULL, burst_from = NULL
WHERE id = :id AND mode = 'human' AND (:idle_at IS NULL OR human_until <= :idle_at);

-- name: takeovers_due
-- Takeovers that have been idle long enough.
SELECT id FROM chats WHERE mode = 'human' AND human_until <= :now LIMIT :most;

-- name: add_message
-- A message, sealed.
INSERT INTO messages (chat_id, pnm_id, sender, kind, text, sent_at, stored_at, by, outbox_id)
VALUES (:chat_id, :pnm_id, :sender, :kind, :text, :sent_at, :now, :by, :outbox_id);

-- name: recent
-- The newest messages of a conversation, newest first.
SELECT id, sender, kind, text, sent_at, by FROM messages WHERE chat_id = :chat_id ORDER BY id DESC LIMIT :most;

-- name: orders_of_chat
-- Whether a conversation has an order that is paid and waits, and one that was shipped and is not closed.
SELECT max(state = 'pending_ship') AS paid, max(state = 'shipped') AS shipped FROM orders
WHERE account_id = :account_id AND chat_no = :chat_no;

-- name: nothing_due
-- Nothing unanswered is left; what was said since the look keeps its turn.
UPDATE chats SET answer_due_at = NULL, burst_from = NULL WHERE id = :id AND NOT EXISTS (
  SELECT 1 FROM messages AS m WHERE m.chat_id = chats.id AND m.id > chats.answered_through AND m.sender = 'buyer');

-- name: version
-- The version a conversation's cards are made for.
SELECT version FROM chats WHERE id = :id;

-- name: by_nick
-- Conversations of buyers whose nick contains a word, at most two: one is meant, two are ambiguous.
SELECT c.id FROM chats AS c JOIN buyers AS b ON b.id = c.buyer_id WHERE instr(b.nick, :nick) > 0
ORDER BY c.changed_at DESC LIMIT 2;

-- name: human
-- Conversations a person holds, newest first.
SELECT id FROM chats WHERE mode = 'human' ORDER BY changed_at DESC LIMIT :most;

-- name: latest
-- The conversations of the newest messages, the one that spoke last first.
SELECT chat_id FROM (SELECT chat_id, id FROM messages ORDER BY id DESC LIMIT :within)
GROUP BY chat_id ORDER BY max(id) DESC LIMIT :most;

-- name: touch
-- Something a conversation's card shows changed.
UPDATE chats SET version = version + 1 WHERE id = :id;
