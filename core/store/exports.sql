-- name: orders
-- One line a row, of orders made within a span, of some accounts (a JSON list; NULL for all), out of a window of short numbers: no question holds the file long.
SELECT o.id, a.name AS account, o.order_no, o.created_at, o.paid_at, o.shipped_at, o.closed_at, o.state,
  f.state AS ship_state, f.by_hand, l.title, l.spec, coalesce(l.quantity, 1) AS quantity, l.unit_price_fen,
  CASE WHEN coalesce(l.line_no, 1) = 1 THEN o.amount_fen END AS amount_fen,
  CASE WHEN coalesce(l.line_no, 1) = 1 THEN (
    SELECT coalesce(r.amount_fen, o.amount_fen) FROM refunds AS r
    WHERE r.order_id = o.id AND r.state = 'refunded' ORDER BY r.id DESC LIMIT 1) END AS refund_fen,
  b.nick, o.carrier, o.tracking_no
FROM orders AS o
JOIN accounts AS a ON a.id = o.account_id
LEFT JOIN order_lines AS l ON l.order_id = o.id
LEFT JOIN fulfilments AS f ON f.order_id = o.id
LEFT JOIN buyers AS b ON b.id = o.buyer_id
WHERE o.id > :after AND o.id <= :last AND o.created_at >= :since AND o.created_at < :until
  AND (:accounts IS NULL OR o.account_id IN (SELECT value FROM json_each(:accounts)))
ORDER BY o.id, l.line_no;

-- name: newest
-- The newest order's short number.
SELECT max(id) AS id FROM orders;
