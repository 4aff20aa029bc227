-- name: add
-- Add to a day's number.
INSERT INTO daily (day, name, value) VALUES (:day, :name, :value)
ON CONFLICT (day, name) DO UPDATE SET value = value + excluded.value;

-- name: add_hour
-- Add to an hour's number.
INSERT INTO hourly (day, hour, name, value) VALUES (:day, :hour, :name, :value)
ON CONFLICT (day, hour, name) DO UPDATE SET value = value + excluded.value;

-- name: add_of_account
-- Add to an account's number of a day.
INSERT INTO account_days (day, account_id, name, value) VALUES (:day, :account_id, :name, :value)
ON CONFLICT (day, account_id, name) DO UPDATE SET value = value + excluded.value;

-- name: each_of_account
-- The numbers of each account and each day of a span, both ends included.
SELECT day, account_id, name, value FROM account_days WHERE day BETWEEN :since AND :until;

-- name: between
-- The numbers of a span of days, both ends included, summed by name.
SELECT name, sum(value) AS value FROM daily WHERE day BETWEEN :since AND :until GROUP BY name;

-- name: each
-- The numbers of each day of a span, both ends included.
SELECT day, name, value FROM daily WHERE day BETWEEN :since AND :until;

-- name: first_hours
-- The first day whose hours are known.
SELECT min(day) AS day FROM hourly;

-- name: first
-- The first day anything was counted.
SELECT min(day) AS day FROM daily;

-- name: until_hour
-- The numbers of each day of a span, of its first hours only.
SELECT day, name, sum(value) AS value FROM hourly
WHERE day BETWEEN :since AND :until AND hour < :hours GROUP BY day, name;

-- name: course
-- Some numbers (a JSON list of names) by hour, of each day of a span.
SELECT day, hour, name, value FROM hourly
WHERE day BETWEEN :since AND :until AND name IN (SELECT value FROM json_each(:names));
