-- name: keep
-- A card stands in a chat; shown anew, it follows its new thing.
INSERT INTO copies (chat, message, kind, entity, entity_id, version, shown_at)
VALUES (:chat, :message, :kind, :entity, :entity_id, :version, :now)
ON CONFLICT (chat, message) DO UPDATE SET kind = excluded.kind, entity = excluded.entity,
  entity_id = excluded.entity_id, version = excluded.version,
  shown_at = CASE WHEN excluded.entity = entity AND excluded.entity_id = entity_id THEN shown_at
    ELSE excluded.shown_at END
WHERE excluded.version >= version OR excluded.entity != entity OR excluded.entity_id != entity_id;

-- name: any
-- Whether a card shows a thing.
SELECT 1 FROM copies WHERE entity = :entity AND entity_id = :entity_id LIMIT 1;

-- name: of_thing
-- The cards that show a thing, oldest first.
SELECT id, chat, message, kind, entity, entity_id, version, shown_at FROM copies
WHERE entity = :entity AND entity_id = :entity_id ORDER BY id;

-- name: find
-- One card.
SELECT id, chat, message, kind, entity, entity_id, version, shown_at FROM copies WHERE id = :id;

-- name: find_shown
-- The card a message of a chat shows.
SELECT id, chat, message, kind, entity, entity_id, version, shown_at FROM copies WHERE chat = :chat AND message = :message;

-- name: drop
-- A card that is gone from its chat.
DELETE FROM copies WHERE id = :id;
