-- name: add
-- Something arrived from a market; seen before (by either key) is nothing.
INSERT INTO inbox (source, account_id, key, second_key, kind, state, received_at)
VALUES ('market', :account_id, :key, :second_key, :kind, :state, :now)
ON CONFLICT DO NOTHING RETURNING id;

-- name: keep_payload
-- And this is what it was, sealed.
INSERT INTO payloads (inbox_id, raw) VALUES (:id, :raw);

-- name: finish
-- It was acted on, in the transaction of what it caused.
UPDATE inbox SET state = 'done', done_at = :now WHERE id = :id AND state = 'waiting';

-- name: park
-- Its order is not known yet; a later record settles it.
UPDATE inbox SET state = 'parked', done_at = :now, error = :error WHERE id = :id AND state = 'waiting';

-- name: quarantine
-- Acting on it failed for a reason nobody foresaw: set aside, the next one goes on.
UPDATE inbox SET state = 'quarantined', done_at = :now, error = :error WHERE id = :id AND state = 'waiting';

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
SELECT id FROM (SELECT id, received_at FROM inbox WHERE id > :after ORDER BY id LIMIT :most)
WHERE received_at < :before;

-- name: drop_raw
-- Raw payloads are dropped after their days; the ids stay for ever (law 11).
UPDATE inbox SET raw = NULL WHERE id = :id AND state != 'waiting' AND raw IS NOT NULL;

-- name: drop_payload
-- The same for a market's record.
DELETE FROM payloads
WHERE inbox_id = :id AND EXISTS (SELECT 1 FROM inbox AS i WHERE i.id = :id AND i.state != 'waiting');
