-- name: all
-- The newest orders before one, whose number, buyer or title holds a word (a LIKE pattern; NULL for any).
SELECT o.id FROM orders AS o
WHERE o.id < :before AND (:like IS NULL OR o.order_no LIKE :like ESCAPE '\'
  OR o.buyer_id IN (SELECT id FROM buyers WHERE nick LIKE :like ESCAPE '\')
  OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.title LIKE :like ESCAPE '\'))
ORDER BY o.id DESC LIMIT :most;

-- name: of_account
-- The same, of one account.
SELECT o.id FROM orders AS o INDEXED BY orders_account
WHERE o.account_id = :account AND o.id < :before AND (:like IS NULL OR o.order_no LIKE :like ESCAPE '\'
  OR o.buyer_id IN (SELECT id FROM buyers WHERE nick LIKE :like ESCAPE '\')
  OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.title LIKE :like ESCAPE '\'))
ORDER BY o.id DESC LIMIT :most;

-- name: since
-- The same, of orders made since an instant, of some accounts (a JSON list; NULL for all).
SELECT o.id FROM orders AS o
WHERE o.id < :before AND o.created_at >= :since
  AND (:accounts IS NULL OR o.account_id IN (SELECT value FROM json_each(:accounts))) AND (:like IS NULL OR o.order_no LIKE :like ESCAPE '\'
  OR o.buyer_id IN (SELECT id FROM buyers WHERE nick LIKE :like ESCAPE '\')
  OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.title LIKE :like ESCAPE '\'))
ORDER BY o.id DESC LIMIT :most;

-- name: in_state
-- The same, of open orders in one state.
SELECT o.id FROM orders AS o INDEXED BY orders_open
WHERE o.state = :state AND o.state IN ('pending_payment', 'pending_ship', 'refunding')
  AND o.id < :before AND (:accounts IS NULL OR o.account_id IN (SELECT value FROM json_each(:accounts)))
  AND (:like IS NULL OR o.order_no LIKE :like ESCAPE '\'
  OR o.buyer_id IN (SELECT id FROM buyers WHERE nick LIKE :like ESCAPE '\')
  OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.title LIKE :like ESCAPE '\'))
ORDER BY o.id DESC LIMIT :most;

-- name: in_shipping
-- The same, of orders whose fulfilment is in one state.
SELECT o.id FROM fulfilments AS f INDEXED BY fulfilments_open JOIN orders AS o ON o.id = f.order_id
WHERE f.state = :state AND f.state NOT IN ('succeeded', 'cancelled', 'scheduled')
  AND f.order_id < :before AND (:accounts IS NULL OR o.account_id IN (SELECT value FROM json_each(:accounts)))
  AND (:like IS NULL OR o.order_no LIKE :like ESCAPE '\'
  OR o.buyer_id IN (SELECT id FROM buyers WHERE nick LIKE :like ESCAPE '\')
  OR EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.title LIKE :like ESCAPE '\'))
ORDER BY f.order_id DESC LIMIT :most;

-- name: counts
-- How many orders are open, and in which states their fulfilments wait.
SELECT state AS name, count(*) AS n FROM orders INDEXED BY orders_open
WHERE state IN ('pending_payment', 'pending_ship', 'refunding') GROUP BY state
UNION ALL
SELECT CASE state WHEN 'awaiting_approval' THEN 'risk' ELSE state END, count(*) FROM fulfilments
INDEXED BY fulfilments_open WHERE state NOT IN ('succeeded', 'cancelled', 'scheduled') GROUP BY state;

-- name: counts_of
-- The same, of some accounts (a JSON list).
SELECT state AS name, count(*) AS n FROM orders INDEXED BY orders_open
WHERE state IN ('pending_payment', 'pending_ship', 'refunding')
  AND account_id IN (SELECT value FROM json_each(:accounts)) GROUP BY state
UNION ALL
SELECT CASE f.state WHEN 'awaiting_approval' THEN 'risk' ELSE f.state END, count(*)
FROM fulfilments AS f INDEXED BY fulfilments_open JOIN orders AS o ON o.id = f.order_id
WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled')
  AND o.account_id IN (SELECT value FROM json_each(:accounts)) GROUP BY f.state;

-- name: orders
-- Some orders (a JSON list of ids) with their accounts and buyers.
SELECT o.*, a.name AS account, b.user_id AS buyer_user_id, b.nick, b.first_seen_at, b.orders, b.paid_orders,
  b.blocked_reason
FROM json_each(:ids) AS wanted CROSS JOIN orders AS o ON o.id = wanted.value JOIN accounts AS a ON a.id = o.account_id
LEFT JOIN buyers AS b ON b.id = o.buyer_id;

-- name: lines
-- Their positions.
SELECT l.* FROM json_each(:ids) AS wanted CROSS JOIN order_lines AS l ON l.order_id = wanted.value
ORDER BY l.order_id, l.line_no;

-- name: fulfilments
-- Their fulfilments.
SELECT f.* FROM json_each(:ids) AS wanted CROSS JOIN fulfilments AS f ON f.order_id = wanted.value;

-- name: has
-- Whether an order with a short number exists.
SELECT id FROM orders WHERE id = :id;

-- name: numbered
-- Orders with a platform number.
SELECT id FROM orders WHERE order_no = :order_no LIMIT 2;

-- name: ending
-- Orders whose platform number ends with some digits (a LIKE pattern).
SELECT id FROM orders INDEXED BY orders_no WHERE order_no LIKE :like LIMIT 2;

-- name: history
-- The newest steps of an order and its fulfilment, with the names of people.
SELECT h.machine, h.at, h.before, h.after, h.event, h.actor, h.detail, coalesce(m.name, '') AS name
FROM history AS h LEFT JOIN identities AS i ON i.who = h.actor LEFT JOIN members AS m ON m.id = i.member_id
WHERE h.entity_id = :id AND h.machine IN ('order', 'fulfilment') ORDER BY h.at DESC, h.id DESC LIMIT :most;

-- name: account_state
-- The state of an order's account.
SELECT a.state FROM orders AS o JOIN accounts AS a ON a.id = o.account_id WHERE o.id = :id;
