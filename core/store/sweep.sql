-- name: drop_actions
-- Buttons that expired before an instant: pressed now, they would do nothing anyway.
DELETE FROM actions WHERE id IN (
  SELECT id FROM actions WHERE expires_at IS NOT NULL AND expires_at < :before ORDER BY expires_at LIMIT :most);

-- name: old_notices
-- The next notices, in the order they arose, that arose before an instant. Looks no further than so many rows.
SELECT id, state = 'done' AND done_at < :before AS over
FROM (SELECT id, state, created_at, done_at FROM notices WHERE id > :after ORDER BY id LIMIT :most)
WHERE created_at < :before;

-- name: drop_notice
-- It was told, or settled; one that waits or failed stays, for /health says so.
DELETE FROM notices WHERE id = :id AND state = 'done';

-- name: old_effects
-- The next effects, in the order they were planned, that were planned before an instant; the same limit.
SELECT id, body IS NOT NULL AND state IN ('done', 'cancelled', 'refused', 'failed') AND done_at < :before AS over
FROM (SELECT id, state, body, created_at, done_at FROM outbox WHERE id > :after ORDER BY id LIMIT :most)
WHERE created_at < :before;

-- name: drop_body
-- What was sent is with the buyer, and what was refused is out of date; that it was, and its key, stay for ever (law 2).
UPDATE outbox SET body = NULL
WHERE id = :id AND state IN ('done', 'cancelled', 'refused', 'failed') AND body IS NOT NULL;

-- name: drop_hours
-- The hours of the oldest day before a day; the day's own numbers stay.
DELETE FROM hourly WHERE day = (SELECT min(day) FROM hourly) AND day < :before;

-- name: drop_durations
-- The same for how long things took.
DELETE FROM durations WHERE day = (SELECT min(day) FROM durations) AND day < :before;

-- name: drop_presence
-- The same for how long the shop was there.
DELETE FROM presence WHERE day = (SELECT min(day) FROM presence) AND day < :before;
