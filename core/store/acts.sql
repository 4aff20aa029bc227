-- name: add
-- What a person did; a request acts once.
INSERT INTO acts (request, who, name, chat, at, verb, entity, entity_id, before, after)
VALUES (:request, :who, :name, :chat, :at, :verb, :entity, :entity_id, :before, :after)
ON CONFLICT DO NOTHING;

-- name: last_of
-- The newest act of one kind on a thing.
SELECT max(id) AS id FROM acts WHERE entity = :entity AND entity_id = :entity_id AND verb = :verb;
