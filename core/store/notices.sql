-- name: add
-- Something to tell; the same thing again before it was shown counts up and takes the newest version.
INSERT INTO notices (kind, urgency, entity, entity_id, version, key, chat, detail, state, due_at, created_at)
VALUES (:kind, :urgency, :entity, :entity_id, :version, :key, :chat, :detail, 'waiting', :now, :now)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN state = 'waiting' THEN count + 1 ELSE count END,
  version = excluded.version;

-- name: add_redraws
-- A redraw for each copy of a card whose thing changed, but where the shop had to leave; at most one waits for each.
INSERT INTO notices (kind, urgency, entity, entity_id, version, key, chat, detail, state, due_at, created_at)
SELECT 'redraw', 'quiet', entity, entity_id, :version, 'redraw:' || id || ':' || :version, chat, CAST(id AS TEXT),
  'waiting', :now, :now
FROM copies WHERE entity = :entity AND entity_id = :entity_id
  AND NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.chat = copies.chat AND left_at IS NOT NULL)
ON CONFLICT (key) DO NOTHING;

-- name: drop_redraws
-- Redraws overtaken by a newer one.
DELETE FROM notices
WHERE kind = 'redraw' AND state = 'waiting' AND entity = :entity AND entity_id = :entity_id AND version < :version;

-- name: due
-- What to tell now: urgent first, then oldest.
SELECT id, kind, attempts FROM notices WHERE state = 'waiting' AND due_at <= :now
ORDER BY CASE urgency WHEN 'urgent' THEN 0 WHEN 'normal' THEN 1 ELSE 2 END, id LIMIT :most;

-- name: next_due
-- When the next notice is due.
SELECT min(due_at) AS due_at FROM notices WHERE state = 'waiting';

-- name: claim
-- Take a notice before showing it.
UPDATE notices SET state = 'claimed', attempts = attempts + 1, run = :run WHERE id = :id AND state = 'waiting';

-- name: finish
-- It was shown.
UPDATE notices SET state = 'done', done_at = :now, error = NULL WHERE id = :id AND state = 'claimed';

-- name: again
-- It could not be shown now.
UPDATE notices SET state = 'waiting', due_at = :due_at, error = :error,
  attempts = attempts - :uncounted WHERE id = :id AND state = 'claimed';

-- name: fail
-- It cannot be shown at all; it stands in /health.
UPDATE notices SET state = 'failed', done_at = :now, error = :error WHERE id = :id AND state = 'claimed';

-- name: free_claimed
-- After a restart: whatever a dead run had taken is shown again, and may come twice (law 3).
UPDATE notices SET state = 'waiting' WHERE state = 'claimed';

-- name: find
-- One notice.
SELECT id, kind, urgency, entity, entity_id, version, count, chat, detail, attempts, created_at
FROM notices WHERE id = :id;

-- name: drop_ready
-- Only the newest start is told.
DELETE FROM notices WHERE kind = 'ready' AND state = 'waiting';
