-- name: add
-- A request of a person, sealed, before it is acted on; the same one again is nothing.
INSERT INTO inbox (source, key, kind, state, raw, received_at)
VALUES ('request', :key, 'request', 'waiting', :raw, :now) ON CONFLICT DO NOTHING;

-- name: by_key
-- The request with a key.
SELECT id, state FROM inbox WHERE key = :key;

-- name: finish
-- It was answered, or could not be.
UPDATE inbox SET state = 'done', done_at = :now, error = :error WHERE id = :id AND state = 'waiting';

-- name: waiting
-- Requests that were stored and not finished before a crash, oldest first.
SELECT id, key, raw FROM inbox INDEXED BY inbox_waiting WHERE source = 'request' AND state = 'waiting' ORDER BY id;

-- name: find
-- What a person asked, sealed.
SELECT raw FROM inbox WHERE id = :id AND source = 'request';

-- name: act
-- Whether a request did its act.
SELECT 1 FROM acts WHERE request = :key;
