-- name: known
-- Which of some fingerprints (a JSON list) the pool ever had.
SELECT w.fingerprint FROM json_each(:prints) AS p CROSS JOIN waybills AS w WHERE w.fingerprint = p.value;

-- name: add
-- A sealed number bought beforehand; one the pool ever had is nothing.
INSERT INTO waybills (carrier, secret, fingerprint, state, added_at, changed_at)
VALUES (:carrier, :secret, :fingerprint, 'free', :now, :now) ON CONFLICT (fingerprint) DO NOTHING;

-- name: take
-- The oldest free number of a carrier becomes an order's.
UPDATE waybills SET state = 'taken', order_id = :order_id, changed_at = :now WHERE id = (
  SELECT id FROM waybills INDEXED BY waybills_free WHERE state = 'free' AND carrier = :carrier ORDER BY id LIMIT 1)
RETURNING id, secret;

-- name: take_known
-- A free number that was typed for an order becomes its own.
UPDATE waybills SET state = 'taken', order_id = :order_id, changed_at = :now
WHERE fingerprint = :fingerprint AND state = 'free';

-- name: of_order
-- The number an order has of the pool.
SELECT id, carrier, secret, fingerprint, state FROM waybills WHERE order_id = :order_id;

-- name: give_back
-- The platform never had it: it is free again, or set aside when the platform did not want it.
UPDATE waybills SET state = :state, order_id = NULL, changed_at = :now WHERE order_id = :order_id AND state = 'taken';

-- name: spend
-- Its order shipped, or may have: the number is never given again.
UPDATE waybills SET state = 'used', changed_at = :now WHERE order_id = :order_id AND state = 'taken';

-- name: put_away
-- The owner does not want what is left of a carrier's numbers.
UPDATE waybills SET state = 'void', changed_at = :now WHERE carrier = :carrier AND state = 'free';

-- name: count_free
-- How many numbers of a carrier are left.
SELECT count(*) AS n FROM waybills INDEXED BY waybills_free WHERE state = 'free' AND carrier = :carrier;

-- name: free_by_carrier
-- How many numbers are left, by carrier.
SELECT carrier, count(*) AS n FROM waybills INDEXED BY waybills_free WHERE state = 'free' GROUP BY carrier;

-- name: counts
-- How many numbers of each carrier stand where.
SELECT carrier, state, count(*) AS n FROM waybills GROUP BY carrier, state ORDER BY carrier;

-- name: parcel_out
-- Whether the platform may have an order's parcel: its ship call is under way, went through, or nobody knows.
SELECT 1 FROM outbox WHERE order_id = :order_id AND kind = 'consign_parcel'
AND (state IN ('claimed', 'asking', 'unknown', 'done') OR (state = 'failed' AND error_class = 'unknown')) LIMIT 1;
