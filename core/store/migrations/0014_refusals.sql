-- A refund as the platform tells it, and the call that refuses one. Two CHECK lists grow; neither table is written anew
-- (SQLite's own procedure for a change that leaves the rows alone: lang_altertable, "writable_schema").
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (', 'CHECK (kind IN (''look_up_refund'', ''refuse_refund'', ')
WHERE type = 'table' AND name = 'outbox';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state IN (''asked'',', 'CHECK (state IN (''refused'', ''asked'',')
WHERE type = 'table' AND name = 'refunds';
PRAGMA writable_schema = RESET;

-- The platform's number of the request; the buyer's reason; whether it may be refused, and with which reasons (JSON).
ALTER TABLE refunds ADD COLUMN refund_no TEXT;
ALTER TABLE refunds ADD COLUMN reason BLOB;
ALTER TABLE refunds ADD COLUMN refusable INTEGER NOT NULL DEFAULT 0 CHECK (refusable IN (0, 1));
ALTER TABLE refunds ADD COLUMN choices TEXT NOT NULL DEFAULT '[]';
ALTER TABLE refunds ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
