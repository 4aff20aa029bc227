-- name: add
-- What a person did not get, and why; numbered in one row with the acts.
INSERT INTO refusals (id, request, who, name, chat, at, verb, entity, entity_id, reason, facts)
VALUES (1 + max((SELECT coalesce(max(id), 0) FROM acts), (SELECT coalesce(max(id), 0) FROM refusals)),
  :request, :who, :name, :chat, :at, :verb, :entity, :entity_id, :reason, :facts);

-- name: newest
-- What people did not get, newest first.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.reason, a.facts
FROM refusals AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: within
-- The same, of a span of time.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.reason, a.facts
FROM refusals AS a INDEXED BY refusals_at LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.at >= :since AND a.at < :until AND a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: of_thing
-- The same, of one thing.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.reason, a.facts
FROM refusals AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.entity = :entity AND a.entity_id = :entity_id AND a.id < :before ORDER BY a.id DESC LIMIT :most;

-- name: of_person
-- The same, of one person by any of their ids.
SELECT a.id, a.request, a.who, coalesce(m.name, a.name) AS name, a.chat, coalesce(r.title, '') AS room, r.kind AS room_kind,
  a.at, a.verb, a.entity, a.entity_id, a.reason, a.facts
FROM refusals AS a LEFT JOIN identities AS i ON i.who = a.who LEFT JOIN members AS m ON m.id = i.member_id
  LEFT JOIN rooms AS r ON r.chat = a.chat
WHERE a.who IN (SELECT who FROM identities WHERE member_id = :member) AND a.id < :before ORDER BY a.id DESC LIMIT :most;
