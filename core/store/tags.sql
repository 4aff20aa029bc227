-- name: add
-- A person goes by a tag.
INSERT INTO tags (member_id, tag) VALUES (:member_id, :tag) ON CONFLICT DO NOTHING;

-- name: drop
-- A person goes by a tag no longer.
DELETE FROM tags WHERE member_id = :member_id AND tag = :tag;

-- name: drop_all
-- A person is shut out: their tags go with them.
DELETE FROM tags WHERE member_id = :member_id;

-- name: of_member
-- The tags of a person.
SELECT tag FROM tags WHERE member_id = :member_id ORDER BY tag;

-- name: called
-- Everybody let in who goes by a tag, each id a row.
SELECT m.id, m.name, i.who FROM tags AS t JOIN members AS m ON m.id = t.member_id JOIN identities AS i ON i.member_id = m.id
WHERE t.tag = :tag AND m.role IS NOT NULL ORDER BY m.id, i.who;

-- name: calls
-- Which tags events and kinds of notices call, where it differs.
SELECT event, tag FROM calls;

-- name: call
-- The owner's choice for an event or a kind; empty: nobody is called.
INSERT INTO calls (event, tag) VALUES (:event, :tag) ON CONFLICT (event) DO UPDATE SET tag = excluded.tag;
