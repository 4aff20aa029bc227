-- name: last
-- The newest row.
SELECT coalesce(max(id), 0) AS id FROM inbox;

-- name: add_all
-- What arrived from the markets, a list [account, key, second key, kind, state] each; seen before (by either key) is
-- nothing.
INSERT INTO inbox (source, account_id, key, second_key, kind, state, received_at)
SELECT 'market', json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
  json_extract(value, '$[3]'), json_extract(value, '$[4]'), :now
FROM json_each(:rows) WHERE true
ON CONFLICT DO NOTHING;

-- name: added
-- The rows after one, as one list [key, id] in their order.
SELECT json_group_array(json_array(key, id)) AS added FROM (SELECT key, id FROM inbox WHERE id > :last ORDER BY id);

-- name: keep_payloads
-- And what they were, sealed: a list [id, token] each.
INSERT INTO payloads (inbox_id, raw)
SELECT json_extract(value, '$[0]'), CAST(json_extract(value, '$[1]') AS BLOB) FROM json_each(:rows);

-- name: finish
-- They were acted on, a list [id, instant] each; in the transaction of what they caused.
UPDATE inbox SET state = 'done', done_at = json_extract(r.value, '$[1]') FROM json_each(:rows) AS r
WHERE inbox.id = json_extract(r.value, '$[0]') AND inbox.state = 'waiting';

-- name: park
-- Its order is not known yet; a later record settles it.
UPDATE inbox SET state = 'parked', done_at = :now, error = :error WHERE id = :id AND state = 'waiting';

-- name: parked
-- What was set aside of one kind and waits to be understood, oldest first.
SELECT i.id, coalesce(i.done_at, i.received_at) AS parked_at, p.raw, a.name AS account
FROM inbox AS i INDEXED BY inbox_odd
JOIN accounts AS a ON a.id = i.account_id JOIN payloads AS p ON p.inbox_id = i.id
WHERE i.state IN ('parked', 'quarantined') AND i.state = 'parked' AND i.kind = :kind AND i.id > :after
ORDER BY i.id LIMIT :most;

-- name: quarantined
-- What was set aside by an error, oldest first.
SELECT i.id, coalesce(i.done_at, i.received_at) AS parked_at, p.raw, a.name AS account
FROM inbox AS i INDEXED BY inbox_odd
JOIN accounts AS a ON a.id = i.account_id JOIN payloads AS p ON p.inbox_id = i.id
WHERE i.state IN ('parked', 'quarantined') AND i.state = 'quarantined' AND i.id > :after
ORDER BY i.id LIMIT :most;

-- name: unpark
-- It is to be acted on again.
UPDATE inbox SET state = 'waiting', done_at = NULL, error = NULL WHERE id = :id AND state = 'parked';

-- name: reread
-- A record that was kept is understood by now and bears its own names; nothing when another row bears one of them.
UPDATE OR IGNORE inbox SET kind = :kind, state = :state, key = :key, second_key = :second_key, done_at = :done_at,
  error = NULL WHERE id = :id AND state IN ('parked', 'quarantined');

-- name: without_raw
-- Records of unknown shape, or else (`quarantined`) set aside, whose raw payload was dropped after its days.
SELECT count(*) AS n FROM inbox AS i INDEXED BY inbox_odd
WHERE i.state IN ('parked', 'quarantined')
  AND CASE WHEN :quarantined THEN i.state = 'quarantined' ELSE i.kind = 'unknown' END
  AND NOT EXISTS (SELECT 1 FROM payloads AS p WHERE p.inbox_id = i.id);

-- name: settle
-- It needs nobody any more.
UPDATE inbox SET state = 'done', done_at = :now WHERE id = :id AND state IN ('parked', 'quarantined');

-- name: quarantine
-- Acting on it failed for a reason nobody foresaw: set aside, the next one goes on.
UPDATE inbox SET state = 'quarantined', done_at = :now, error = :error
WHERE id = :id AND state IN ('waiting', 'parked');

-- name: waiting_records
-- What was stored and not acted on before a crash, oldest first.
SELECT i.id, p.raw, a.name AS account
FROM inbox AS i INDEXED BY inbox_waiting
JOIN accounts AS a ON a.id = i.account_id JOIN payloads AS p ON p.inbox_id = i.id
WHERE i.source = 'market' AND i.state = 'waiting' AND i.id > :after
ORDER BY i.id LIMIT :most;

-- name: old_raw
-- The next rows, in the order of their arrival, that are old enough to lose their raw payload. Looks no further than
-- so many rows: the first that is too young ends it.
SELECT id, 1 AS over FROM (SELECT id, received_at FROM inbox WHERE id > :after ORDER BY id LIMIT :most)
WHERE received_at < :before;

-- name: drop_raw
-- Raw payloads are dropped after their days; the ids stay for ever (law 11).
UPDATE inbox SET raw = NULL WHERE id = :id AND state != 'waiting' AND raw IS NOT NULL;

-- name: drop_payload
-- The same for a market's record.
DELETE FROM payloads
WHERE inbox_id = :id AND EXISTS (SELECT 1 FROM inbox AS i WHERE i.id = :id AND i.state != 'waiting');
