-- name: add_duration
-- Count one more in a bucket of a day.
INSERT INTO durations (day, name, upto_ms, n) VALUES (:day, :name, :upto_ms, :value)
ON CONFLICT (day, name, upto_ms) DO UPDATE SET n = n + excluded.n;

-- name: durations
-- The buckets of a span of days, both ends included.
SELECT name, upto_ms, sum(n) AS n FROM durations WHERE day BETWEEN :since AND :until
GROUP BY name, upto_ms ORDER BY name, upto_ms;

-- name: add_duration_of_account
-- The same, of an account.
INSERT INTO durations_of_account (day, account_id, name, upto_ms, n) VALUES (:day, :account_id, :name, :upto_ms, :value)
ON CONFLICT (day, account_id, name, upto_ms) DO UPDATE SET n = n + excluded.n;

-- name: durations_of_accounts
-- The buckets of some accounts (a JSON list) of a span of days, both ends included.
SELECT name, upto_ms, sum(n) AS n FROM durations_of_account
WHERE day BETWEEN :since AND :until AND account_id IN (SELECT value FROM json_each(:accounts))
GROUP BY name, upto_ms ORDER BY name, upto_ms;

-- name: add_presence
-- So long of a day the shop was there, or was not.
INSERT INTO presence (day, up_ms, down_ms) VALUES (:day, :up_ms, :down_ms)
ON CONFLICT (day) DO UPDATE SET up_ms = up_ms + excluded.up_ms, down_ms = down_ms + excluded.down_ms;

-- name: presence
-- The same for a span of days, both ends included.
SELECT coalesce(sum(up_ms), 0) AS up_ms, coalesce(sum(down_ms), 0) AS down_ms FROM presence
WHERE day BETWEEN :since AND :until;

-- name: told
-- Notices of a span that were to be shown, and how many were shown soon after they arose.
SELECT count(*) AS n, coalesce(sum(outcome = 'told' AND done_at - created_at <= :soon), 0) AS soon
FROM notices INDEXED BY notices_log
WHERE outcome IS NOT NULL AND kind != 'redraw' AND done_at >= :since AND done_at < :until
  AND outcome IN ('told', 'failed');

-- name: untold
-- Notices that should have been shown by now.
SELECT count(*) AS n FROM (SELECT kind FROM notices INDEXED BY notices_due
  WHERE state = 'waiting' AND due_at <= :late LIMIT 10000) WHERE kind != 'redraw';

-- name: beat_at
-- When the last sign of life was, in milliseconds.
SELECT at FROM heartbeat WHERE id = 1;
