-- name: ask
-- A question to the owner.
INSERT INTO approvals (order_id, state, reasons, asked_at, remind_at, escalate_at, expires_at)
VALUES (:order_id, 'pending', :reasons, :now, :remind_at, :escalate_at, :expires_at);

-- name: pending_of
-- The open question about an order.
SELECT id, order_id, state, version, reasons, asked_at, remind_at, escalate_at, expires_at, reminded, escalated,
  decided_at, decided_by FROM approvals WHERE order_id = :order_id AND state = 'pending';

-- name: latest_of
-- The newest question about an order.
SELECT id, order_id, state, version, reasons, asked_at, remind_at, escalate_at, expires_at, reminded, escalated,
  decided_at, decided_by FROM approvals WHERE order_id = :order_id ORDER BY id DESC LIMIT 1;

-- name: decide
-- One decision: the first answer wins.
UPDATE approvals SET state = :state, version = version + 1, decided_at = :now, decided_by = :by
WHERE order_id = :order_id AND state = 'pending';

-- name: postpone
-- Every deadline of the question moves.
UPDATE approvals SET version = version + 1, reminded = 0, escalated = 0, remind_at = remind_at + :ms,
  escalate_at = escalate_at + :ms, expires_at = expires_at + :ms WHERE order_id = :order_id AND state = 'pending';

-- name: due
-- Questions whose next deadline has come.
SELECT id, order_id, reminded, escalated, remind_at, escalate_at, expires_at FROM approvals INDEXED BY approvals_next
WHERE state = 'pending' AND
  CASE WHEN NOT reminded THEN remind_at WHEN NOT escalated THEN escalate_at ELSE expires_at END <= :now
LIMIT :most;

-- name: set_reminded
-- The reminder was written; not when the deadline moved meanwhile.
UPDATE approvals SET reminded = 1 WHERE id = :id AND state = 'pending' AND remind_at <= :now;

-- name: set_escalated
-- The escalation was written; not when the deadline moved meanwhile.
UPDATE approvals SET reminded = 1, escalated = 1 WHERE id = :id AND state = 'pending' AND escalate_at <= :now;

-- name: count_pending
-- How many questions wait for an answer.
SELECT count(*) AS n FROM approvals WHERE state = 'pending';
