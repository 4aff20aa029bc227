-- name: find
-- A person by any of their ids.
SELECT m.id, i.who, m.name, m.role, m.locale FROM identities AS i JOIN members AS m ON m.id = i.member_id
WHERE i.who = :who;

-- name: list
-- Everybody who may do anything, each id a row, longest here first, with what they did last by it.
SELECT m.id, i.who, m.name, m.role, m.locale, a.id AS act, a.verb, a.at,
  (SELECT group_concat(tag, ' ') FROM tags WHERE member_id = m.id) AS tags
FROM members AS m JOIN identities AS i ON i.member_id = m.id
  LEFT JOIN acts AS a ON a.id = (SELECT max(id) FROM acts WHERE who = i.who)
WHERE m.role IS NOT NULL ORDER BY m.id, i.who;

-- name: of_member
-- The ids of one person, let in or not.
SELECT m.id, i.who, m.name, m.role, m.locale FROM members AS m JOIN identities AS i ON i.member_id = m.id
WHERE m.id = :id ORDER BY i.who;

-- name: add
-- A new person; their ids follow.
INSERT INTO members (name, role, added_at) VALUES (:name, :role, :now) RETURNING id;

-- name: add_identity
-- An id of a person.
INSERT INTO identities (who, member_id, added_at) VALUES (:who, :member_id, :now);

-- name: join
-- An id becomes another person's.
UPDATE identities SET member_id = :member_id WHERE who = :who;

-- name: change
-- The person's new name and role; NULL is not let in any more.
UPDATE members SET name = :name, role = :role WHERE id = :id;

-- name: speak
-- The person's own language; NULL for whatever the chat speaks.
UPDATE members SET locale = :locale WHERE id = :id;

-- name: owners_elsewhere
-- Whether somebody else is an owner, by an id of a chat platform (or, with :anywhere, of the terminal).
SELECT 1 FROM members AS m JOIN identities AS i ON i.member_id = m.id
WHERE m.role = 'owner' AND m.id != :id AND (:anywhere OR i.who NOT LIKE 'terminal:%') LIMIT 1;
