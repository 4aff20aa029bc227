-- name: add
-- What a button does.
INSERT INTO actions (id, words, entity, entity_id, version, chat, confirms, made_for, created_at, expires_at)
VALUES (:id, :words, :entity, :entity_id, :version, :chat, :confirms, :made_for, :now, :expires_at);

-- name: find
-- One button, with the name of who pressed it.
SELECT a.id, a.words, a.entity, a.entity_id, a.version, a.chat, a.confirms, a.made_for, a.created_at, a.expires_at,
  a.used_by, a.used_at, coalesce(m.name, a.used_by) AS used_name
FROM actions AS a LEFT JOIN identities AS i ON i.who = a.used_by
  LEFT JOIN members AS m ON m.id = i.member_id WHERE a.id = :id;

-- name: use
-- The first press wins; a press that comes too late, or by another than it was made for, is none.
UPDATE actions SET used_by = :who, used_at = :now
WHERE id = :id AND used_by IS NULL AND (expires_at IS NULL OR expires_at > :now)
  AND (made_for IS NULL OR made_for = :who);
