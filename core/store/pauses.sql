-- name: add
-- A pause begins.
INSERT INTO pauses (scope, entity_id, until_at, by, reason, at)
VALUES (:scope, :entity_id, :until_at, :by, :reason, :now);

-- name: end
-- A pause ends: once.
UPDATE pauses SET ended_at = :now, ended_by = :by WHERE id = :id AND ended_at IS NULL;

-- name: active
-- What is paused now, oldest first.
SELECT id, scope, entity_id, until_at, by, reason, at FROM pauses
WHERE ended_at IS NULL AND (until_at IS NULL OR until_at > :now) ORDER BY id;

-- name: find
-- One pause, on or over.
SELECT id, scope, entity_id, until_at, by, reason, at, ended_at, ended_by FROM pauses WHERE id = :id;

-- name: due_waiting
-- How many shipments are due and not taken, up to a thousand.
SELECT count(*) AS n FROM (SELECT 1 FROM fulfilments INDEXED BY fulfilments_due
  WHERE due_at <= :now AND state IN ('scheduled', 'manual') LIMIT 1000);
