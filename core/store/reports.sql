-- name: alarm
-- Since when an alarm is set, and when it is next due.
SELECT since_at, due_at FROM alarms WHERE name = :name;

-- name: set_alarm
-- Set an alarm, or move one that is set: the instant since when it is set stays.
INSERT INTO alarms (name, since_at, due_at) VALUES (:name, :since_at, :due_at)
ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at;

-- name: drop_alarm
-- It was turned off: what falls into the meantime is not told afterwards.
DELETE FROM alarms WHERE name = :name;

-- name: add
-- A report is told: once a kind and day.
INSERT INTO reports (name, day, hours, told_at) VALUES (:name, :day, :hours, :now)
ON CONFLICT (name, day) DO NOTHING;

-- name: hours_told
-- How much of a day its report covers.
SELECT hours FROM reports WHERE name = :name AND day = :day;
