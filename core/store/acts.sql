-- name: add
-- What a person did; a request acts once.
INSERT INTO acts (request, who, name, chat, at, verb, entity, entity_id, before, after)
VALUES (:request, :who, :name, :chat, :at, :verb, :entity, :entity_id, :before, :after)
ON CONFLICT DO NOTHING;
