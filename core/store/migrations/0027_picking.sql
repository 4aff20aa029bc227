-- Where a product lies on the shelf, and whether it breaks.

ALTER TABLE products ADD COLUMN location TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN fragile INTEGER NOT NULL DEFAULT 0 CHECK (fragile IN (0, 1));
