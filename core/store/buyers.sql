-- name: keep
-- A buyer is made at first sight; a nick once known is followed.
INSERT INTO buyers (platform, user_id, nick, first_seen_at) VALUES (:platform, :user_id, :nick, :now)
ON CONFLICT (platform, user_id) DO UPDATE SET nick = CASE excluded.nick WHEN '' THEN nick ELSE excluded.nick END
RETURNING id;

-- name: find
-- One buyer.
SELECT id, user_id, nick, first_seen_at, orders, paid_orders, blocked_reason FROM buyers WHERE id = :id;

-- name: count_order
-- A buyer's orders are counted in the order's own transaction.
UPDATE buyers SET orders = orders + 1, paid_orders = paid_orders + :paid WHERE id = :id;

-- name: count_paid
-- And one that is paid later.
UPDATE buyers SET paid_orders = paid_orders + 1 WHERE id = :id;

-- name: block
-- The owner looks at this buyer's orders before they ship; no reason means no longer.
UPDATE buyers SET blocked_reason = :reason WHERE id = :id;
