-- The shop's polite texts where the owner wrote or switched them; NULL is the stated default.
CREATE TABLE templates (
  shop TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT,
  is_on INTEGER CHECK (is_on IN (0, 1)),
  PRIMARY KEY (shop, name)
) STRICT, WITHOUT ROWID;

-- When the buyer of an unpaid order was reminded: once, by the shop or by a person.
ALTER TABLE orders ADD COLUMN reminded_at INTEGER;
CREATE INDEX orders_unpaid ON orders (created_at) WHERE state = 'pending_payment' AND reminded_at IS NULL;
