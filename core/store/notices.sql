-- name: add
-- Something to tell; the same thing again before it was shown counts up and takes the newest version.
INSERT INTO notices (kind, urgency, priority, entity, entity_id, version, key, chat, detail, state, due_at, created_at)
VALUES (:kind, :urgency, :priority, :entity, :entity_id, :version, :key, :chat, :detail, 'waiting', :now, :now)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN state = 'waiting' THEN count + 1 ELSE count END,
  version = excluded.version;

-- name: add_private
-- The same for every owner's private chat, each to be shown there and nowhere else.
INSERT INTO notices (kind, urgency, priority, entity, entity_id, version, key, chat, detail, state, due_at, created_at)
SELECT :kind, :urgency, :priority, :entity, :entity_id, :version, :key || ':' || r.chat, r.chat, :detail,
  'waiting', :now, :now
FROM rooms AS r JOIN identities AS i ON i.who = r.chat JOIN members AS m ON m.id = i.member_id
WHERE r.kind = 'private' AND r.left_at IS NULL AND m.role = 'owner'
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN state = 'waiting' THEN count + 1 ELSE count END,
  version = excluded.version;

-- name: add_redraws
-- A redraw for each copy of a card whose thing changed, but where the shop had to leave; at most one waits for each.
INSERT INTO notices (kind, urgency, priority, entity, entity_id, version, key, chat, detail, state, due_at, created_at)
SELECT 'redraw', 'quiet', 5, entity, entity_id, :version, 'redraw:' || id || ':' || :version, chat, CAST(id AS TEXT),
  'waiting', :now, :now
FROM copies WHERE entity = :entity AND entity_id = :entity_id
  AND NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.chat = copies.chat AND left_at IS NOT NULL)
ON CONFLICT (key) DO NOTHING;

-- name: drop_redraws
-- Redraws overtaken by a newer one.
DELETE FROM notices
WHERE kind = 'redraw' AND state = 'waiting' AND entity = :entity AND entity_id = :entity_id AND version < :version;

-- name: due
-- What to tell now, in the order of rank, then oldest; only what routing needs to know of each, the shop included.
SELECT id, kind, chat, entity, entity_id, detail, attempts, CASE entity
  WHEN 'order' THEN (SELECT a.shop FROM orders AS o JOIN accounts AS a ON a.id = o.account_id WHERE o.id = entity_id)
  WHEN 'chat' THEN (SELECT a.shop FROM chats AS c JOIN accounts AS a ON a.id = c.account_id WHERE c.id = entity_id)
  WHEN 'account' THEN (SELECT a.shop FROM accounts AS a WHERE a.id = entity_id)
  WHEN 'items' THEN (SELECT a.shop FROM accounts AS a WHERE a.id = entity_id)
  WHEN 'unread' THEN (SELECT a.shop FROM accounts AS a WHERE a.id = entity_id)
  WHEN 'product' THEN (SELECT p.shop FROM products AS p WHERE p.id = entity_id) END AS shop
FROM notices WHERE state = 'waiting' AND due_at <= :now
ORDER BY priority, id LIMIT :most;

-- name: next_due
-- When the next notice is due that was not due when it was last looked.
SELECT min(due_at) AS due_at FROM notices WHERE state = 'waiting' AND due_at > :now;

-- name: claim
-- Take a notice before showing it.
UPDATE notices SET state = 'claimed', attempts = attempts + 1, run = :run WHERE id = :id AND state = 'waiting';

-- name: finish
-- What became of it, and where it was told.
UPDATE notices SET state = 'done', done_at = :now, error = NULL, outcome = :outcome, told_in = :chat
WHERE id = :id AND state = 'claimed';

-- name: settle
-- It is not shown by itself; the log of notices says why.
UPDATE notices SET state = 'done', done_at = :now, run = :run, outcome = :outcome, told_in = :chat
WHERE id = :id AND state = 'waiting';

-- name: again
-- Its chat took nothing: it waits on, with its own due time, so that /health knows how late it is.
UPDATE notices SET state = 'waiting', error = :error, attempts = attempts - :uncounted
WHERE id = :id AND state = 'claimed';

-- name: put_off
-- It could not be drawn now: others come before it.
UPDATE notices SET state = 'waiting', due_at = :due_at, error = :error WHERE id = :id AND state = 'claimed';

-- name: fail
-- It cannot be shown at all; it stands in /health.
UPDATE notices SET state = 'failed', done_at = :now, error = :error, outcome = 'failed'
WHERE id = :id AND state = 'claimed';

-- name: free
-- What came of it could not be written: it is shown again, and may come twice (law 3).
UPDATE notices SET state = 'waiting' WHERE id = :id AND state = 'claimed';

-- name: free_claimed
-- After a restart: whatever a dead run had taken is shown again, and may come twice (law 3).
UPDATE notices SET state = 'waiting' WHERE state = 'claimed';

-- name: find
-- One notice.
SELECT id, kind, urgency, entity, entity_id, version, count, chat, detail, attempts, created_at
FROM notices WHERE id = :id;

-- name: drop_ready
-- Only the newest start is told, and no stop that nobody saw in time.
DELETE FROM notices WHERE kind IN ('ready', 'goodbye') AND state = 'waiting';
