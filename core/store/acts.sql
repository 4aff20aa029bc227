-- name: add
-- What a person did; a request acts once. Acts and refusals are numbered in one row.
INSERT INTO acts (id, request, who, name, chat, at, verb, entity, entity_id, before, after)
VALUES (1 + max((SELECT coalesce(max(id), 0) FROM acts), (SELECT coalesce(max(id), 0) FROM refusals)),
  :request, :who, :name, :chat, :at, :verb, :entity, :entity_id, :before, :after)
ON CONFLICT DO NOTHING;

-- name: last_of
-- The newest act of one kind on a thing.
SELECT max(id) AS id FROM acts WHERE entity = :entity AND entity_id = :entity_id AND verb = :verb;

-- name: newest
-- What people did, newest first.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.before, a.after
FROM acts AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: within
-- The same, of a span of time.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.before, a.after
FROM acts AS a INDEXED BY acts_at LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.at >= :since AND a.at < :until AND a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: of_thing
-- The same, of one thing.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.before, a.after
FROM acts AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.entity = :entity AND a.entity_id = :entity_id AND a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: of_person
-- The same, of one person by any of their ids.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.before, a.after
FROM acts AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.who IN (SELECT who FROM identities WHERE member_id = :member) AND a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: find
-- One act.
SELECT verb, entity, entity_id, before, after FROM acts WHERE id = :id;
