-- name: waiting
-- The positions of paid parcels of accounts that are there, which wait for their number, those paid first.
SELECT o.id, a.name AS account, coalesce(l.title, '') AS title, coalesce(l.item_id, o.item_id, o.order_no) AS item_id,
  coalesce(l.spec, '') AS spec, coalesce(l.quantity, 1) AS quantity, coalesce(p.location, '') AS location,
  coalesce(p.fragile, 0) AS fragile, coalesce(o.paid_at, f.created_at) AS paid_at
FROM orders AS o INDEXED BY orders_open JOIN fulfilments AS f ON f.order_id = o.id
JOIN accounts AS a ON a.id = o.account_id LEFT JOIN order_lines AS l ON l.order_id = o.id
LEFT JOIN products AS p ON p.id = l.product_id
WHERE o.state = 'pending_ship' AND o.state IN ('pending_payment', 'pending_ship', 'refunding')
  AND f.state IN ('scheduled', 'manual', 'failed') AND f.mode = 'physical' AND coalesce(f.tracking_no, '') = ''
  AND o.needs_postage IS NOT 0 AND a.removed_at IS NULL
ORDER BY coalesce(o.paid_at, f.created_at), o.id, l.line_no LIMIT :most;
