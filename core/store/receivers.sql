-- name: keep
-- Whom an order's parcel goes to, as the platform's newest record says; sealed.
INSERT INTO receivers (order_id, sealed) VALUES (:order_id, :sealed)
ON CONFLICT (order_id) DO UPDATE SET sealed = excluded.sealed;

-- name: find
-- Whom an order's parcel goes to.
SELECT sealed FROM receivers WHERE order_id = :order_id;

-- name: old
-- The next receivers of orders made before an instant, and whether their order has ended. Looks no further than so many.
SELECT id, state IN ('completed', 'cancelled') AND updated_at < :before AS over
FROM (SELECT r.order_id AS id, o.state, o.created_at, o.updated_at
  FROM receivers AS r CROSS JOIN orders AS o ON o.id = r.order_id
  WHERE r.order_id > :after ORDER BY r.order_id LIMIT :most)
WHERE created_at < :before;

-- name: drop
-- The order ended long ago: nobody needs the address any more.
DELETE FROM receivers WHERE order_id = :id;
