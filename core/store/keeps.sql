-- name: insert
-- Units are kept until an instant.
INSERT INTO keeps (state, note, by, made_at, expires_at) VALUES ('kept', :note, :by, :now, :expires_at);

-- name: add_line
-- So many units of a product belong to it.
INSERT INTO keep_lines (keep_id, product_id, quantity) VALUES (:keep_id, :product_id, :quantity);

-- name: find
-- One, kept or over.
SELECT id, state, version, note, by, made_at, expires_at, ended_at FROM keeps WHERE id = :id;

-- name: lines
-- What is, or was, kept of each product, and how many were free after it was taken.
SELECT l.product_id, l.quantity, g.free_after, p.title, p.spec
FROM keep_lines AS l JOIN products AS p ON p.id = l.product_id
JOIN ledger AS g ON g.keep_id = l.keep_id AND g.product_id = l.product_id AND g.kind = 'reserve'
WHERE l.keep_id = :id ORDER BY l.product_id;

-- name: move
-- The one UPDATE of its state: only from the state it was seen in, and the version, when one was seen.
UPDATE keeps SET state = :state, version = version + 1, ended_at = :now
WHERE id = :id AND state = :before AND version = coalesce(:version, version);

-- name: extend
-- It is kept for longer.
UPDATE keeps SET expires_at = :expires_at, version = version + 1
WHERE id = :id AND state = 'kept' AND version = coalesce(:version, version);

-- name: kept
-- What is kept now, the first to end first.
SELECT id FROM keeps INDEXED BY keeps_due WHERE state = 'kept' ORDER BY expires_at, id;

-- name: due
-- What has been kept for long enough.
SELECT id FROM keeps INDEXED BY keeps_due WHERE state = 'kept' AND expires_at <= :now ORDER BY expires_at LIMIT :most;

-- name: units
-- How many units of each product are kept.
SELECT l.product_id, sum(l.quantity) AS n
FROM keeps AS k INDEXED BY keeps_due JOIN keep_lines AS l ON l.keep_id = k.id
WHERE k.state = 'kept' GROUP BY l.product_id;

-- name: of_request
-- What a request kept.
SELECT entity_id AS id FROM acts WHERE request = :request AND entity = 'keep';

-- name: old
-- The next notes of what was kept before an instant, and whether it is over. Looks no further than so many.
SELECT id, ended_at < :before AS over FROM (
  SELECT id, made_at, ended_at FROM keeps WHERE id > :after ORDER BY id LIMIT :most)
WHERE made_at < :before;

-- name: drop_note
-- It was over long ago: nobody needs to know for whom.
UPDATE keeps SET note = NULL WHERE id = :id;
