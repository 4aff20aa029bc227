-- name: beat
-- A sign of life.
INSERT INTO heartbeat (id, at, started_at, pid, version, health)
VALUES (1, :now, :started_at, :pid, :version, :vitals)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, started_at = excluded.started_at, pid = excluded.pid,
  version = excluded.version, health = excluded.health;

-- name: heartbeat
-- The last sign of life.
SELECT at, started_at, pid, version, health FROM heartbeat WHERE id = 1;

-- name: accounts
-- Every account's link, but of those that were removed.
SELECT id, name, user_id, state, reason, changed_at, first_connected_at, last_frame_at, caught_up_at, logged_in_at,
  login_ends_at
FROM accounts WHERE removed_at IS NULL ORDER BY id;

-- name: account
-- One account's link.
SELECT id, name, user_id, state, reason, changed_at, first_connected_at, last_frame_at, caught_up_at, logged_in_at,
  login_ends_at
FROM accounts WHERE id = :id;

-- name: chats
-- Conversations whose answer is waited for, up to a hundred thousand.
SELECT count(*) AS n FROM (SELECT 1 FROM chats WHERE answer_due_at IS NOT NULL
  AND account_id NOT IN (SELECT id FROM accounts WHERE removed_at IS NOT NULL) LIMIT 100000);

-- name: records
-- Records of the marketplace stored and not acted on, up to a hundred thousand.
SELECT count(*) AS n FROM (SELECT 1 FROM inbox INDEXED BY inbox_waiting
  WHERE source = 'market' AND state = 'waiting' LIMIT 100000);

-- name: notices
-- Notices to the owner that are due, up to a hundred thousand, and since when.
SELECT count(*) AS n, min(due_at) AS due_at FROM (SELECT due_at FROM notices INDEXED BY notices_due
  WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at LIMIT 100000);

-- name: outbox
-- Effects that are due, up to a hundred thousand, and since when.
SELECT count(*) AS n, min(due_at) AS due_at FROM (SELECT due_at FROM outbox INDEXED BY outbox_due
  WHERE state IN ('waiting', 'asking') AND due_at <= :now
    AND account_id NOT IN (SELECT id FROM accounts WHERE removed_at IS NOT NULL) ORDER BY due_at LIMIT 100000);

-- name: due_by_account
-- Effects that are due, by account, up to a hundred thousand in all.
SELECT account_id, count(*) AS n FROM (SELECT account_id FROM outbox INDEXED BY outbox_due
  WHERE state IN ('waiting', 'asking') AND due_at <= :now LIMIT 100000) GROUP BY account_id;

-- name: unknown
-- Effects whose outcome a person must tell.
SELECT count(*) AS n FROM outbox WHERE state = 'unknown';

-- name: odd
-- What could not be used or told: set aside by an error, of a shape nobody knows, never shown; each up to ten thousand.
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state IN ('parked', 'quarantined') AND state = 'quarantined'
    LIMIT 10000)) AS quarantined,
  (SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state IN ('parked', 'quarantined') AND kind = 'unknown'
    LIMIT 10000)) AS unknown_records,
  (SELECT count(*) FROM (SELECT 1 FROM notices WHERE state = 'failed' LIMIT 10000)) AS notices_failed;

-- name: away
-- What waits after a start, each up to a thousand: orders due or not yet acted on, things a person must do; products.
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM fulfilments INDEXED BY fulfilments_due WHERE due_at <= :now LIMIT 1000))
    + (SELECT count(*) FROM (SELECT 1 FROM inbox INDEXED BY inbox_waiting
      WHERE source = 'market' AND state = 'waiting' LIMIT 1000)) AS orders_waiting,
  (SELECT count(*) FROM (SELECT 1 FROM fulfilments INDEXED BY fulfilments_open
    WHERE state NOT IN ('succeeded', 'cancelled', 'scheduled') AND state != 'executing' LIMIT 1000)) AS pending,
  (SELECT count(*) FROM products) AS products,
  (SELECT count(*) FROM products WHERE configured = 0) AS unconfigured;
