-- Whether the platform's list has an item now, and whether the owner was shown that it is new.
ALTER TABLE listings ADD COLUMN on_sale INTEGER NOT NULL DEFAULT 1 CHECK (on_sale IN (0, 1));
ALTER TABLE listings ADD COLUMN proposed INTEGER NOT NULL DEFAULT 0 CHECK (proposed IN (0, 1));

-- The product another one became: its listings and orders are that one's.
ALTER TABLE products ADD COLUMN joined_to INTEGER REFERENCES products (id);
