-- name: add
-- An effect on the world, with the natural key that makes it one; planned before, it is nothing.
INSERT INTO outbox (account_id, kind, key, order_id, chat_id, after_id, body, state, due_at, created_at)
VALUES (:account_id, :kind, :key, :order_id, :chat_id, :after_id, :body, 'waiting', :due_at, :now)
ON CONFLICT (key) DO NOTHING RETURNING id;

-- name: has_key
-- Whether an effect of this key was planned.
SELECT 1 FROM outbox WHERE key = :key;

-- name: named_by_platform
-- Whether the platform, asked by this key, named an order.
SELECT 1 FROM outbox WHERE key = :key AND state = 'done' AND result != '';

-- name: add_look_up
-- A look-up of an order, unless one whose key begins alike is due and waits to be begun.
INSERT INTO outbox (account_id, kind, key, order_id, body, state, due_at, created_at)
SELECT :account_id, 'look_up', :first || :why, :order_id, :body, 'waiting', :now, :now
WHERE NOT EXISTS (
  SELECT 1 FROM outbox WHERE key >= :first AND key < :last AND state = 'waiting' AND due_at <= :now)
ON CONFLICT (key) DO NOTHING;

-- name: due_acts
-- What may be done now: due, its forerunner done, nothing of the same conversation before it under way. All, or
-- only `words` that somebody waits for, or only the rest (texts that come with an order: nobody asked). Writes of
-- accounts at their pace (`kept`, a JSON list; nor are records read there just before shipping) or during an emergency
-- stop hide nobody else's, nor does anything of accounts that have all their places taken (`full`, another); of those
-- whose calls rest (`resting`) only what goes over the socket is there.
SELECT o.id, a.name AS account, o.kind, o.state, o.kind = 'answer' AND o.key NOT GLOB 'template:*' AS words
FROM outbox AS o INDEXED BY outbox_acts JOIN accounts AS a ON a.id = o.account_id
WHERE o.state IN ('waiting', 'asking') AND o.kind NOT IN ('look_up', 'find_order')
  AND coalesce((o.kind = 'answer' AND o.key NOT GLOB 'template:*') = :words, 1)
  AND o.due_at <= :now AND a.state = 'online' AND a.name NOT IN (SELECT value FROM json_each(:full))
  AND (o.kind IN ('deliver', 'answer') OR a.name NOT IN (SELECT value FROM json_each(:resting)))
  AND (o.kind = 'look_up_refund' OR o.state = 'asking' OR (
    a.name NOT IN (SELECT value FROM json_each(:kept))
    AND (o.kind = 'confirm' OR NOT EXISTS (
      SELECT 1 FROM pauses AS p INDEXED BY pauses_on WHERE p.scope = 'stop' AND p.ended_at IS NULL))))
  AND (o.after_id IS NULL OR EXISTS (SELECT 1 FROM outbox AS f WHERE f.id = o.after_id AND f.state = 'done'))
  AND (o.chat_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM outbox AS e WHERE e.chat_id = o.chat_id AND e.id < o.id
      AND e.state IN ('waiting', 'claimed', 'asking') AND e.kind IN ('deliver', 'answer')))
ORDER BY o.due_at, o.id LIMIT :most;

-- name: due_questions
-- What may be asked now; thousands may wait after a rush, so nothing that is done for a buyer stands behind them.
SELECT o.id, a.name AS account, o.kind, o.state
FROM outbox AS o INDEXED BY outbox_due JOIN accounts AS a ON a.id = o.account_id
WHERE o.state IN ('waiting', 'asking') AND o.kind IN ('look_up', 'find_order')
  AND o.due_at <= :now AND a.state = 'online' AND a.name NOT IN (SELECT value FROM json_each(:full))
  AND a.name NOT IN (SELECT value FROM json_each(:resting))
ORDER BY o.due_at, o.id LIMIT :most;

-- name: next_due
-- When the next effect is due.
SELECT min(due_at) AS due_at FROM outbox WHERE state IN ('waiting', 'asking') AND due_at > :now;

-- name: claim
-- Take an effect before doing it: durable, with a lease. Gives it as it was before. Nothing is written on the platform
-- during an emergency stop, also when it began a moment ago.
UPDATE outbox SET state = 'claimed', attempts = attempts + :trying, asked = asked + 1 - :trying, run = :run,
  lease_until = :lease_until, tried_at = CASE WHEN :trying THEN :now ELSE tried_at END
WHERE id = :id AND state = :state
  AND (state = 'asking' OR kind IN ('look_up', 'find_order', 'confirm', 'look_up_refund')
    OR NOT EXISTS (SELECT 1 FROM pauses AS p INDEXED BY pauses_on WHERE p.scope = 'stop' AND p.ended_at IS NULL))
RETURNING id, account_id, (SELECT a.name FROM accounts AS a WHERE a.id = account_id) AS account, kind, key, order_id,
  chat_id, body, :state AS state, attempts - :trying AS attempts, asked - 1 + :trying AS asked, tried_at, created_at;

-- name: find
-- One effect.
SELECT o.id, o.account_id, a.name AS account, o.kind, o.key, o.order_id, o.chat_id, o.body, o.state, o.attempts,
  o.asked, o.tried_at, o.created_at, o.error, o.result
FROM outbox AS o JOIN accounts AS a ON a.id = o.account_id WHERE o.id = :id;

-- name: finish
-- How it ended; only who holds it may say so.
UPDATE outbox SET state = :state, done_at = :now, result = :result, error_class = :error_class, error = :error,
  run = NULL, lease_until = NULL WHERE id = :id AND state IN ('claimed', 'asking', 'unknown');

-- name: again
-- Not now: try, or ask, at another time. What was not even asked is given its try back.
UPDATE outbox SET state = :state, due_at = :due_at, error_class = :error_class, error = :error, run = NULL,
  lease_until = NULL, attempts = attempts - (:uncounted AND :state = 'waiting'),
  asked = asked - (:uncounted AND :state = 'asking') WHERE id = :id AND state IN ('claimed', 'unknown');

-- name: resend
-- The same words once more, because a person said so.
UPDATE outbox SET state = 'waiting', due_at = :now, attempts = 0, asked = 0, done_at = NULL, error = NULL,
  error_class = NULL, created_at = :now
WHERE id = :id AND kind = 'answer' AND state IN ('refused', 'failed', 'unknown') AND body IS NOT NULL;

-- name: unsent
-- A conversation's newest words of a person that did not go out, or nobody knows; not those that were swept.
SELECT id, state, body FROM outbox WHERE chat_id = :chat_id AND kind = 'answer' AND key LIKE 'say:%' AND body IS NOT NULL
  AND state IN ('refused', 'failed', 'unknown') ORDER BY id DESC LIMIT 1;

-- name: cancel_of_order
-- What an order no longer needs and nobody has begun.
UPDATE outbox SET state = 'cancelled', done_at = :now WHERE order_id = :order_id AND state = 'waiting'
  AND kind IN ('confirm', 'deliver', 'consign', 'consign_parcel');

-- name: cancel_answers
-- A person took the conversation over: automatic answers that nobody has begun are dropped.
UPDATE outbox SET state = 'cancelled', done_at = :now
WHERE chat_id = :chat_id AND state = 'waiting' AND kind = 'answer' AND key NOT LIKE 'say:%';

-- name: sent_in_chat
-- Texts to a conversation that a message seen there may be.
SELECT id, kind, key, order_id, body, state, tried_at, result FROM outbox
WHERE chat_id = :chat_id AND kind IN ('deliver', 'answer')
  AND state IN ('claimed', 'asking', 'unknown', 'done')
ORDER BY id DESC LIMIT 50;

-- name: unknown_of_order
-- Effects of an order whose outcome a person must tell.
SELECT id, kind, key, chat_id, body, tried_at, attempts, error FROM outbox
WHERE order_id = :order_id AND state = 'unknown' AND kind != 'refuse_refund' ORDER BY id;

-- name: live_of_order
-- Effects of an order that are still under way.
SELECT id, kind, state, due_at, attempts, error FROM outbox
WHERE order_id = :order_id AND state IN ('waiting', 'claimed', 'asking') ORDER BY id;

-- name: text_out
-- Whether an order's text may have reached the buyer, by us or by hand: a person who gave up in doubt did not say that
-- it did not.
SELECT 1 FROM fulfilments WHERE order_id = :order_id AND text_sent = 1
UNION ALL SELECT 1 FROM outbox WHERE order_id = :order_id AND kind = 'deliver'
AND (state IN ('claimed', 'asking', 'unknown', 'done') OR (state = 'failed' AND error_class = 'unknown')) LIMIT 1;

-- name: leaving
-- Whether an order's text or ship call is under way.
SELECT 1 FROM outbox WHERE order_id = :order_id AND kind IN ('deliver', 'consign', 'consign_parcel')
AND state IN ('claimed', 'asking') LIMIT 1;

-- name: give_up_of_order
-- The order ended while its effects were in doubt: nobody needs to tell any more.
UPDATE outbox SET state = 'failed', done_at = :now, error_class = 'unknown'
WHERE order_id = :order_id AND state = 'unknown' AND kind != 'refuse_refund';

-- name: name_order
-- A record that is to be read belongs to an order known by now.
UPDATE outbox SET order_id = :order_id
WHERE key >= :first AND key < :last AND state = 'waiting' AND order_id IS NULL AND :order_id IS NOT NULL;

-- name: claimed
-- Effects that are being done, or whose result could not be written.
SELECT id, kind FROM outbox INDEXED BY outbox_claimed WHERE state = 'claimed';

-- name: set_chat
-- The conversation a text goes to became known.
UPDATE outbox SET chat_id = :chat_id WHERE id = :id AND chat_id IS NULL;
