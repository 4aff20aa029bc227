-- name: add
-- A wrong row the standing check found.
INSERT INTO findings (at, law, row) VALUES (:now, :law, :row);

-- name: open
-- Wrong rows that are still wrong, oldest first.
SELECT id, at, law, row FROM findings WHERE fixed_at IS NULL ORDER BY id;

-- name: find
-- One finding.
SELECT id, at, law, row, fixed_at FROM findings WHERE id = :id;

-- name: fix
-- It is right again.
UPDATE findings SET fixed_at = :now WHERE id = :id AND fixed_at IS NULL;
