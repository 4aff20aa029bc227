-- name: insert
-- The one INSERT that writes an order's state.
INSERT INTO orders (account_id, order_no, chat_no, buyer_id, item_id, state, platform_status, needs_postage,
  created_at, paid_at, shipped_at, closed_at, updated_at)
VALUES (:account_id, :order_no, :chat_no, :buyer_id, :item_id, :state, :platform_status, :needs_postage,
  :created_at, :paid_at, :shipped_at, :closed_at, :now);

-- name: move
-- The one UPDATE that writes an order's state; it fails when the version is not the one seen.
UPDATE orders SET state = :state, version = version + 1, updated_at = :now,
  paid_at = CASE WHEN :state = 'pending_ship' THEN coalesce(paid_at, :now) ELSE paid_at END,
  shipped_at = CASE WHEN :state = 'shipped' THEN coalesce(shipped_at, :now) ELSE shipped_at END,
  closed_at = CASE WHEN :state IN ('completed', 'cancelled') THEN coalesce(closed_at, :now) ELSE closed_at END
WHERE id = :id AND version = :version;

-- name: state
-- Where an order stands.
SELECT state, version FROM orders WHERE id = :id;

-- name: find
-- One order.
SELECT o.id, o.account_id, a.name AS account, o.order_no, o.chat_no, o.buyer_id, o.item_id, o.state, o.version,
  o.platform_status, o.amount_fen, o.needs_postage, o.recorded_at, o.created_at, o.paid_at, o.shipped_at, o.closed_at,
  o.reminded_at, o.ship_method, o.carrier, o.tracking_no, o.updated_at,
  b.user_id AS buyer_user_id, b.nick, b.first_seen_at, b.orders, b.paid_orders, b.blocked_reason
FROM orders AS o JOIN accounts AS a ON a.id = o.account_id LEFT JOIN buyers AS b ON b.id = o.buyer_id
WHERE o.id = :id;

-- name: by_no
-- The order a platform id names.
SELECT id, state, version, chat_no, buyer_id, item_id, recorded_at FROM orders
WHERE account_id = :account_id AND order_no = :order_no;

-- name: of_chat
-- The orders of a chat that a status may be about: all that are open, and the last that were completed, for money is
-- asked back of any of them. Newest first.
SELECT id, order_no, state, version, created_at, paid_at FROM (
  SELECT id, order_no, state, version, created_at, paid_at FROM orders
  WHERE account_id = :account_id AND chat_no = :chat_no ORDER BY id DESC LIMIT 20)
WHERE state NOT IN ('cancelled', 'completed') OR id IN (
  SELECT id FROM orders WHERE account_id = :account_id AND chat_no = :chat_no AND state = 'completed'
  ORDER BY id DESC LIMIT 5)
ORDER BY id DESC;

-- name: hinted
-- The newest order of a chat, in whatever state.
SELECT state, created_at, paid_at, recorded_at FROM orders WHERE account_id = :account_id AND chat_no = :chat_no ORDER BY id DESC LIMIT 1;

-- name: hinted_by_item
-- The newest order of a chat's buyer for the chat's item, whose own chat nobody told.
SELECT o.state, o.created_at, o.paid_at, o.recorded_at FROM chats AS c JOIN orders AS o ON o.buyer_id = c.buyer_id AND o.account_id = c.account_id
WHERE c.account_id = :account_id AND c.chat_no = :chat_no AND o.item_id = c.item_id ORDER BY o.id DESC LIMIT 1;

-- name: ids_of_chat
-- Every order of a chat, newest first.
SELECT id FROM orders WHERE account_id = :account_id AND chat_no = :chat_no ORDER BY id DESC LIMIT 20;

-- name: lines
-- An order's positions.
SELECT line_no, product_id, item_id, title, spec, quantity, unit_price_fen, total_fen
FROM order_lines WHERE order_id = :id ORDER BY line_no;

-- name: set_line
-- A position as the platform's record tells it.
INSERT INTO order_lines (order_id, line_no, product_id, item_id, title, spec, quantity, unit_price_fen, total_fen)
VALUES (:order_id, 1, :product_id, :item_id, :title, :spec, :quantity, :unit_price_fen, :total_fen)
ON CONFLICT (order_id, line_no) DO UPDATE SET product_id = excluded.product_id, title = excluded.title,
  spec = excluded.spec, quantity = excluded.quantity, unit_price_fen = excluded.unit_price_fen,
  total_fen = excluded.total_fen;

-- name: learn
-- Facts of the platform's record, kept beside the state.
UPDATE orders SET platform_status = coalesce(:platform_status, platform_status),
  amount_fen = coalesce(:amount_fen, amount_fen), buyer_id = coalesce(buyer_id, :buyer_id),
  item_id = coalesce(item_id, :item_id), chat_no = coalesce(chat_no, :chat_no),
  paid_at = coalesce(:paid_at, paid_at), recorded_at = :now, updated_at = :now
WHERE id = :id;

-- name: hear
-- Facts of a frame, kept beside the state.
UPDATE orders SET platform_status = coalesce(:platform_status, platform_status),
  chat_no = coalesce(chat_no, :chat_no), buyer_id = coalesce(buyer_id, :buyer_id),
  item_id = coalesce(item_id, :item_id), needs_postage = coalesce(:needs_postage, needs_postage), updated_at = :now
WHERE id = :id;

-- name: shipped_by
-- How it was shipped.
UPDATE orders SET ship_method = :method, carrier = :carrier, tracking_no = :tracking_no WHERE id = :id;

-- name: open_of_account
-- Orders of an account that the platform may have moved while we were away.
SELECT id, order_no, state FROM orders
WHERE account_id = :account_id AND state IN ('pending_payment', 'pending_ship', 'refunding') AND id > :after
ORDER BY id LIMIT :most;

-- name: asked_in_vain
-- Orders of an account whose record was asked for since an instant, fewer than so many times, and never came.
SELECT o.id, o.order_no FROM outbox AS asked JOIN orders AS o ON o.id = asked.order_id
WHERE asked.account_id = :account_id AND asked.kind = 'look_up' AND asked.state IN ('refused', 'failed')
  AND asked.created_at >= :since
  AND NOT EXISTS (
    SELECT 1 FROM outbox AS later WHERE later.order_id = asked.order_id AND later.kind = 'look_up'
    AND later.id > asked.id AND later.state NOT IN ('refused', 'failed')
  )
GROUP BY o.id HAVING count(*) < :times;

-- name: recent_of_buyer
-- How many orders a buyer paid since an instant.
SELECT count(*) AS n FROM orders WHERE buyer_id = :buyer_id AND paid_at >= :since;

-- name: open_refund_in_chat
-- Whether another order of the same chat is in refund.
SELECT 1 FROM orders WHERE account_id = :account_id AND chat_no = :chat_no AND state = 'refunding' AND id != :id
LIMIT 1;

-- name: view_version
-- The version of an order's card: it grows with every change of the order, its fulfilment or its refunds.
SELECT o.version + coalesce(f.version, 0) + (
  SELECT coalesce(sum(r.version), 0) FROM refunds AS r WHERE r.order_id = o.id) AS version
FROM orders AS o LEFT JOIN fulfilments AS f ON f.order_id = o.id WHERE o.id = :id;

-- name: money
-- What an order is worth and whose it is, on both sides.
SELECT amount_fen, paid_at, buyer_id, recorded_at, account_id FROM orders WHERE id = :id;

-- name: state_and_account
-- Where an order stands and on which account.
SELECT state, account_id, order_no, chat_no FROM orders WHERE id = :id;

-- name: set_chat
-- The conversation of an order became known.
UPDATE orders SET chat_no = coalesce(chat_no, :chat_no) WHERE id = :id;
