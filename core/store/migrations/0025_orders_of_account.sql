-- The newest orders of one account: without it, those of a small account are looked for among everybody's.
CREATE INDEX orders_account ON orders (account_id);
