-- name: keep
-- A buyer is made at first sight; a nick once known is followed.
INSERT INTO buyers (platform, user_id, nick, first_seen_at) VALUES (:platform, :user_id, :nick, :now)
ON CONFLICT (platform, user_id) DO UPDATE SET nick = CASE excluded.nick WHEN '' THEN nick ELSE excluded.nick END
RETURNING id;

-- name: keep_ordering
-- The same for the buyer of a new order, which is counted in the same breath.
INSERT INTO buyers (platform, user_id, nick, first_seen_at, orders, paid_orders)
VALUES (:platform, :user_id, :nick, :now, 1, :paid)
ON CONFLICT (platform, user_id) DO UPDATE SET nick = CASE excluded.nick WHEN '' THEN nick ELSE excluded.nick END,
  orders = orders + 1, paid_orders = paid_orders + excluded.paid_orders
RETURNING id;

-- name: find
-- One buyer.
SELECT id, user_id, nick, first_seen_at, orders, paid_orders, blocked_reason FROM buyers WHERE id = :id;

-- name: count_paid
-- An order that was born unpaid is paid.
UPDATE buyers SET paid_orders = paid_orders + 1 WHERE id = :id;

-- name: block
-- The owner looks at this buyer's orders before they ship; no reason means no longer.
UPDATE buyers SET blocked_reason = :reason WHERE id = :id;

-- name: named
-- Buyers whose nick contains a word, at most two: one is meant, two are ambiguous.
SELECT id FROM buyers WHERE instr(nick, :nick) > 0 LIMIT 2;

-- name: dealings
-- What became of a buyer's orders, and of the money.
SELECT coalesce(sum(o.state = 'completed'), 0) AS completed, coalesce(sum(o.state = 'cancelled'), 0) AS closed,
  coalesce(sum(EXISTS (SELECT 1 FROM refunds AS r WHERE r.order_id = o.id AND r.state = 'refunded')), 0) AS refunded,
  coalesce(sum(CASE WHEN o.paid_at IS NOT NULL THEN o.amount_fen END), 0) AS paid_fen,
  coalesce(sum((SELECT coalesce(r.amount_fen, o.amount_fen) FROM refunds AS r
    WHERE r.order_id = o.id AND r.state = 'refunded' ORDER BY r.id DESC LIMIT 1)), 0) AS refund_fen
FROM orders AS o WHERE o.buyer_id = :id;

-- name: orders
-- A buyer's newest orders.
SELECT id FROM orders WHERE buyer_id = :id ORDER BY id DESC LIMIT :most;

-- name: chats
-- A buyer's conversations: those a person holds first, then the newest.
SELECT c.id, a.name AS account, c.item_title, c.mode FROM chats AS c JOIN accounts AS a ON a.id = c.account_id
WHERE c.buyer_id = :id ORDER BY c.mode = 'human' DESC, c.id DESC LIMIT :most;
