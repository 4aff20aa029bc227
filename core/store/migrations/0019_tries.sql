-- What people asked for and did not get: who, where, when, what and why not. Numbered in one row with the acts.
CREATE TABLE refusals (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL,
  who TEXT NOT NULL,
  name TEXT NOT NULL,
  chat TEXT NOT NULL,
  at INTEGER NOT NULL,
  verb TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE INDEX refusals_entity ON refusals (entity, entity_id, id);
CREATE INDEX refusals_who ON refusals (who, id);
CREATE INDEX refusals_at ON refusals (at);

-- The record is added to and nothing else, whatever a later program or somebody with a shell says (law 8). A REPLACE
-- fires no trigger of deletion: a number that stands there is refused, a request that stands there is nothing new.
CREATE TRIGGER acts_not_replaced BEFORE INSERT ON acts WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id)
BEGIN SELECT RAISE (ABORT, 'acts are only added'); END;
CREATE TRIGGER acts_not_repeated BEFORE INSERT ON acts WHEN EXISTS (SELECT 1 FROM acts WHERE request = NEW.request)
BEGIN SELECT RAISE (IGNORE); END;
CREATE TRIGGER refusals_not_replaced BEFORE INSERT ON refusals WHEN EXISTS (SELECT 1 FROM refusals WHERE id = NEW.id)
BEGIN SELECT RAISE (ABORT, 'refusals are only added'); END;
CREATE TRIGGER acts_not_changed BEFORE UPDATE ON acts BEGIN SELECT RAISE (ABORT, 'acts are only added'); END;
CREATE TRIGGER acts_not_deleted BEFORE DELETE ON acts BEGIN SELECT RAISE (ABORT, 'acts are only added'); END;
CREATE TRIGGER refusals_not_changed BEFORE UPDATE ON refusals BEGIN SELECT RAISE (ABORT, 'refusals are only added'); END;
CREATE TRIGGER refusals_not_deleted BEFORE DELETE ON refusals BEGIN SELECT RAISE (ABORT, 'refusals are only added'); END;
