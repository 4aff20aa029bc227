-- name: list
-- What was chosen in the chat.
SELECT key, value FROM settings ORDER BY key;

-- name: choose
-- A setting is chosen, or chosen anew.
INSERT INTO settings (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: drop
-- A setting is again what file and environment say.
DELETE FROM settings WHERE key = :key;

-- name: last
-- The number of the newest change of the settings, in the chat or in the file.
SELECT coalesce(max(entity_id), 0) AS number FROM acts WHERE entity = 'setting';

-- name: changes
-- What one change changed.
SELECT before, after FROM acts WHERE entity = 'setting' AND entity_id = :number ORDER BY id;
