-- name: insert
-- The one INSERT that writes a fulfilment's state.
INSERT INTO fulfilments (order_id, state, mode, due_at, planned_at, reason, by_hand, remind_at, created_at, updated_at)
VALUES (:order_id, :state, :mode, :due_at, :due_at, :reason, :by_hand, :remind_at, :now, :now);

-- name: move
-- The one UPDATE that writes a fulfilment's state; it fails when the version is not the one seen.
UPDATE fulfilments SET state = :state, version = version + 1, due_at = :due_at,
  planned_at = CASE WHEN :planned_at IS NULL THEN planned_at ELSE :planned_at END, reason = :reason,
  remind_at = :remind_at, reminders = CASE WHEN :state = 'manual' THEN reminders ELSE 0 END,
  executed_at = CASE WHEN :state = 'executing' THEN :now ELSE executed_at END,
  attempts = attempts + (:state = 'executing'),
  done_at = CASE WHEN :state IN ('succeeded', 'cancelled') THEN :now ELSE done_at END, updated_at = :now
WHERE order_id = :id AND version = :version;

-- name: state
-- Where a fulfilment stands.
SELECT state, version FROM fulfilments WHERE order_id = :id;

-- name: find
-- One fulfilment.
SELECT order_id, state, version, mode, due_at, planned_at, reason, attempts, error_class, error, carrier, tracking_no,
  text_sent, by_hand, remind_at, reminders, created_at, executed_at, done_at, updated_at
FROM fulfilments WHERE order_id = :id;

-- name: replan
-- Another due time, without a change of state.
UPDATE fulfilments SET due_at = :due_at, planned_at = :due_at, version = version + 1, by_hand = :by_hand,
  updated_at = :now WHERE order_id = :id AND version = :version;

-- name: touch
-- Something a card shows changed (a deadline): buttons made before are old.
UPDATE fulfilments SET version = version + 1, updated_at = :now WHERE order_id = :id;

-- name: set_parcel
-- The carrier and number the owner typed.
UPDATE fulfilments SET carrier = :carrier, tracking_no = :tracking_no, mode = 'physical' WHERE order_id = :id;

-- name: clear_number
-- The number went back to where it came from; the carrier stays.
UPDATE fulfilments SET tracking_no = NULL WHERE order_id = :id;

-- name: set_by_hand
-- A person caused this shipment.
UPDATE fulfilments SET by_hand = 1 WHERE order_id = :id;

-- name: set_error
-- Why it did not happen.
UPDATE fulfilments SET error_class = :error_class, error = :error WHERE order_id = :id;

-- name: set_text_sent
-- The buyer has the text: it is never sent again.
UPDATE fulfilments SET text_sent = 1 WHERE order_id = :id;

-- name: due
-- What is due and may be taken, oldest first.
SELECT f.order_id, f.state, f.version, o.account_id FROM fulfilments AS f INDEXED BY fulfilments_due
JOIN orders AS o ON o.id = f.order_id
WHERE f.due_at <= :now AND f.state IN ('scheduled', 'manual')
  AND (f.by_hand OR NOT :paused)
  AND (f.by_hand OR NOT EXISTS (
    SELECT 1 FROM pauses AS p JOIN order_lines AS l ON l.order_id = f.order_id
    WHERE p.scope = 'product' AND p.entity_id = l.product_id AND p.ended_at IS NULL
      AND (p.until_at IS NULL OR p.until_at > :now)))
  AND (f.by_hand OR NOT EXISTS (
    SELECT 1 FROM pauses AS p INDEXED BY pauses_on
    WHERE p.scope = 'account' AND p.entity_id = o.account_id AND p.ended_at IS NULL
      AND (p.until_at IS NULL OR p.until_at > :now)))
  AND (f.by_hand OR NOT EXISTS (
    SELECT 1 FROM pauses AS p JOIN chats AS c ON c.id = p.entity_id
    WHERE p.scope = 'chat' AND c.account_id = o.account_id AND c.chat_no = o.chat_no AND p.ended_at IS NULL
      AND (p.until_at IS NULL OR p.until_at > :now)))
ORDER BY f.due_at LIMIT :most;

-- name: next_due
-- When the next one is due, or a pause that holds some up ends.
SELECT min(due_at) AS due_at FROM (
  SELECT min(due_at) AS due_at FROM fulfilments WHERE due_at > :now
  UNION ALL SELECT min(until_at) FROM pauses WHERE ended_at IS NULL AND until_at > :now);

-- name: due_for_reminder
-- Manual work whose next reminder has come.
SELECT order_id, reminders, remind_at, created_at FROM fulfilments
WHERE remind_at <= :now AND state = 'manual' ORDER BY remind_at LIMIT :most;

-- name: reminded
-- A reminder was written; the next one is planned.
UPDATE fulfilments SET reminders = :reminders, remind_at = :remind_at
WHERE order_id = :id AND state = 'manual' AND remind_at <= :now;

-- name: short_of_product
-- Orders short of a product, in order of payment.
SELECT f.order_id, l.quantity FROM fulfilments AS f INDEXED BY fulfilments_open
JOIN order_lines AS l ON l.order_id = f.order_id JOIN orders AS o ON o.id = f.order_id
WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND f.state = 'short' AND l.product_id = :product_id
  AND o.state = 'pending_ship' ORDER BY o.paid_at, o.id;

-- name: failed
-- Every failed shipment, oldest first.
SELECT order_id FROM fulfilments
WHERE state NOT IN ('succeeded', 'cancelled', 'scheduled') AND state = 'failed' ORDER BY order_id;

-- name: first_connect
-- Orders paid before an account's first connect that still wait for the owner.
SELECT f.order_id, f.version FROM fulfilments AS f JOIN orders AS o ON o.id = f.order_id
WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND f.state = 'manual'
  AND f.reason = 'first_connect' AND o.account_id = :account_id ORDER BY f.order_id;

-- name: explain
-- Another reason for the same state.
UPDATE fulfilments SET reason = :reason, version = version + 1, updated_at = :now WHERE order_id = :id;

-- name: short_with_units
-- Products whose first short order could have its units now.
SELECT product_id FROM (
  SELECT l.product_id, l.quantity, p.free, min(o.paid_at)
  FROM fulfilments AS f INDEXED BY fulfilments_open
  JOIN order_lines AS l ON l.order_id = f.order_id JOIN orders AS o ON o.id = f.order_id
  JOIN products AS p ON p.id = l.product_id
  WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND f.state = 'short' AND o.state = 'pending_ship'
  GROUP BY l.product_id
) WHERE free >= quantity;

-- name: with_number
-- The newest order, but for one, whose parcel has a number.
SELECT order_id FROM fulfilments WHERE tracking_no = :tracking_no AND tracking_no IS NOT NULL
  AND order_id IS NOT :other_than ORDER BY order_id DESC LIMIT 1;
