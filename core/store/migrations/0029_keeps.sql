-- Units kept for somebody who is no order of a platform (a walk-in, a phone call), until they are collected, put back
-- or the time is up. The note is sealed.
CREATE TABLE keeps (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('kept', 'collected', 'put_back', 'expired', 'returned')),
  version INTEGER NOT NULL DEFAULT 1,
  note BLOB,
  by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX keeps_due ON keeps (expires_at) WHERE state = 'kept';

CREATE TABLE keep_lines (
  keep_id INTEGER NOT NULL REFERENCES keeps (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (keep_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX keep_lines_product ON keep_lines (product_id);

-- Whom a movement was for, where it was no order; each happens to a kept line once.
ALTER TABLE ledger ADD COLUMN keep_id INTEGER REFERENCES keeps (id);
CREATE UNIQUE INDEX ledger_keep ON ledger (keep_id, product_id, kind) WHERE keep_id IS NOT NULL;
