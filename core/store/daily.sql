-- name: add
-- Add to a day's number.
INSERT INTO daily (day, name, value) VALUES (:day, :name, :value)
ON CONFLICT (day, name) DO UPDATE SET value = value + excluded.value;

-- name: between
-- The numbers of a span of days, both ends included, summed by name.
SELECT name, sum(value) AS value FROM daily WHERE day BETWEEN :since AND :until GROUP BY name;
