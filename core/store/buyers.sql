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
