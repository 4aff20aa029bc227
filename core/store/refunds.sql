-- name: ask
-- A refund was asked for.
INSERT INTO refunds (order_id, state, amount_fen, asked_at) VALUES (:order_id, 'asked', :amount_fen, :now)
ON CONFLICT DO NOTHING;

-- name: settle
-- The open request ended.
UPDATE refunds SET state = :state, settled_at = :now, version = version + 1
WHERE order_id = :order_id AND state = 'asked';

-- name: find
-- The newest refund of an order.
SELECT id, state, amount_fen, asked_at, settled_at, refund_no, reason, refusable, choices
FROM refunds WHERE order_id = :order_id ORDER BY id DESC LIMIT 1;

-- name: learn
-- What the platform tells of the open request; its version moves only when it tells something new.
UPDATE refunds SET refund_no = :refund_no, amount_fen = coalesce(:amount_fen, amount_fen), reason = :reason,
  refusable = :refusable, choices = :choices, version = version + 1
WHERE order_id = :order_id AND state = 'asked';

-- name: set_refused
-- The platform took our refusal; the frame that says so may have come first.
UPDATE refunds SET state = CASE state WHEN 'withdrawn' THEN 'refused' ELSE state END, refusable = 0, version = version + 1
WHERE order_id = :order_id AND refund_no = :refund_no;

-- name: refusals
-- What was tried to refuse a request, newest first.
SELECT id, key, state, error FROM outbox WHERE order_id = :order_id AND kind = 'refuse_refund' ORDER BY id DESC;

-- name: ask_again
-- The platform is asked once more what became of a refusal.
UPDATE outbox SET state = 'asking', due_at = :now, asked = 0 WHERE id = :id AND state = 'unknown';

-- name: end_refusals
-- The request ended: what has not begun is dropped, what is in doubt needs no answer any more.
UPDATE outbox SET state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE 'failed' END, done_at = :now,
  error_class = CASE state WHEN 'waiting' THEN NULL ELSE 'unknown' END
WHERE order_id = :order_id AND kind IN ('look_up_refund', 'refuse_refund') AND state IN ('waiting', 'unknown');
