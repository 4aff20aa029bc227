-- name: add
-- One step of a machine.
INSERT INTO history (machine, entity_id, version, at, before, after, event, actor, detail)
VALUES (:machine, :entity_id, :version, :at, :before, :after, :event, :actor, :detail);
