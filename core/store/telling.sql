-- name: levels
-- How loudly the owner wants events and kinds told, where it differs.
SELECT event, level FROM loudness;

-- name: set_level
-- The owner's choice for an event or a kind.
INSERT INTO loudness (event, level) VALUES (:event, :level) ON CONFLICT (event) DO UPDATE SET level = excluded.level;

-- name: quiet
-- The quiet hours, if there are any.
SELECT from_minute, to_minute FROM quiet_hours WHERE id = 1;

-- name: set_quiet
-- New quiet hours.
INSERT INTO quiet_hours (id, from_minute, to_minute) VALUES (1, :from_minute, :to_minute)
ON CONFLICT (id) DO UPDATE SET from_minute = excluded.from_minute, to_minute = excluded.to_minute;

-- name: drop_quiet
-- No quiet hours any more.
DELETE FROM quiet_hours;

-- name: routes
-- Where events are told first.
SELECT event, chat, topic FROM topics;

-- name: set_route
-- An event is told here first.
INSERT INTO topics (event, chat, topic) VALUES (:event, :chat, :topic)
ON CONFLICT (event) DO UPDATE SET chat = excluded.chat, topic = excluded.topic;

-- name: drop_route
-- An event goes the way of all others again.
DELETE FROM topics WHERE event = :event;

-- name: drop_topic
-- A topic is gone: what went there goes to the main one of its chat.
UPDATE topics SET topic = NULL WHERE chat = :chat AND topic = :topic;

-- name: mutes
-- What is muted now, oldest first.
SELECT id, scope, word, entity_id, until_at, remaining, muted, by, at, ended_at FROM mutes
WHERE ended_at IS NULL ORDER BY id;

-- name: mute
-- One mute, on or over.
SELECT id, scope, word, entity_id, until_at, remaining, muted, by, at, ended_at FROM mutes WHERE id = :id;

-- name: add_mute
-- A mute begins.
INSERT INTO mutes (scope, word, entity_id, until_at, remaining, by, at)
VALUES (:scope, :word, :entity_id, :until_at, :remaining, :by, :now);

-- name: count_muted
-- One more was counted instead of shown.
UPDATE mutes SET muted = muted + (SELECT count FROM notices WHERE id = :notice), remaining = remaining - 1
WHERE id = :id AND ended_at IS NULL;

-- name: end_mute
-- A mute ends: once.
UPDATE mutes SET ended_at = :now, ended_by = :by WHERE id = :id AND ended_at IS NULL;

-- name: muted_kinds
-- What a mute counted, by kind.
SELECT kind, sum(count) AS n FROM notices WHERE mute_id = :id GROUP BY kind ORDER BY n DESC, kind;

-- name: things
-- What an order's notices are about besides the order: its products and its conversation.
SELECT l.product_id, c.id AS chat_id FROM orders AS o JOIN order_lines AS l ON l.order_id = o.id
LEFT JOIN chats AS c ON c.account_id = o.account_id AND c.chat_no = o.chat_no WHERE o.id = :id;

-- name: open_digest
-- The digest of a kind that still gathers.
SELECT id FROM notices WHERE state = 'waiting' AND kind = 'flood' AND detail = :kind LIMIT 1;

-- name: gather
-- So many more in a digest.
UPDATE notices SET count = count + :more WHERE id = :id;

-- name: plan
-- A digest waits a while, so that it gathers.
UPDATE notices SET due_at = :due_at WHERE id = :id;

-- name: fold
-- It is counted in a digest instead of shown.
UPDATE notices SET state = 'done', done_at = :now, outcome = 'folded', digest_id = :digest
WHERE id = :id AND state = 'waiting';

-- name: hold_back
-- It is counted by a mute instead of shown.
UPDATE notices SET state = 'done', done_at = :now, outcome = 'muted', mute_id = :mute
WHERE id = :id AND state = 'waiting';

-- name: log
-- What was told last, and what became of it, newest first.
SELECT id, kind, entity, entity_id, count, outcome, told_in, done_at, error FROM notices
WHERE outcome IS NOT NULL AND kind != 'redraw' AND done_at IS NOT NULL ORDER BY done_at DESC, id DESC LIMIT :most;

-- name: log_of_mute
-- What a mute counted, newest first.
SELECT id, kind, entity, entity_id, count, outcome, told_in, done_at, error FROM notices
WHERE mute_id = :id ORDER BY id DESC LIMIT :most;

-- name: log_of_digest
-- What a digest counted, newest first.
SELECT id, kind, entity, entity_id, count, outcome, told_in, done_at, error FROM notices
WHERE digest_id = :id ORDER BY id DESC LIMIT :most;
