-- name: find
-- A person by any of their ids.
SELECT m.id, i.who, m.name, m.role, m.locale FROM identities AS i JOIN members AS m ON m.id = i.member_id
WHERE i.who = :who;

-- name: list
-- Everybody who may do anything, each id a row, longest here first.
SELECT m.id, i.who, m.name, m.role, m.locale FROM members AS m JOIN identities AS i ON i.member_id = m.id
WHERE m.role IS NOT NULL ORDER BY m.id, i.who;

-- name: add
-- A new person; their ids follow.
INSERT INTO members (name, role, added_at) VALUES (:name, :role, :now) RETURNING id;

-- name: add_identity
-- An id of a person.
INSERT INTO identities (who, member_id, added_at) VALUES (:who, :member_id, :now);

-- name: change
-- The person's new name and role.
UPDATE members SET name = :name, role = :role WHERE id = :id;
