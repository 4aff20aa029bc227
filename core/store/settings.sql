-- name: list
-- What was chosen in the chat.
SELECT key, value FROM settings ORDER BY key;

-- name: choose
-- A setting is chosen, or chosen anew.
INSERT INTO settings (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: drop
-- A setting is again what file and environment say.
DELETE FROM settings WHERE key = :key;
