-- Tracking numbers bought beforehand: sealed, each for one order at most and never for a second one (law 2).
-- taken: with its order, the platform may know it; used: the order shipped; void: the platform did not take it.
CREATE TABLE waybills (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  secret BLOB NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('free', 'taken', 'used', 'void')),
  order_id INTEGER UNIQUE REFERENCES orders (id),
  added_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK ((state IN ('taken', 'used')) = (order_id IS NOT NULL))
) STRICT;
CREATE INDEX waybills_free ON waybills (carrier, id) WHERE state = 'free';

-- Which order has a parcel's number: the same one twice is asked about.
CREATE INDEX fulfilments_tracking ON fulfilments (tracking_no) WHERE tracking_no IS NOT NULL;
