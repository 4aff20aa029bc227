-- name: new
-- Items on sale of an account whose products nobody configured and nobody was shown, up to a hundred.
SELECT DISTINCT l.product_id FROM listings AS l JOIN products AS p ON p.id = l.product_id
WHERE l.account_id = :account_id AND l.on_sale = 1 AND l.proposed = 0 AND p.configured = 0 ORDER BY l.product_id LIMIT 100;

-- name: propose
-- The owner is shown what is new on an account.
UPDATE listings SET proposed = 1 WHERE account_id = :account_id AND proposed = 0;

-- name: gone
-- Items of an account that are on sale here and not in the platform's list (a JSON list of ids), of configured products.
SELECT DISTINCT l.product_id, p.configured FROM listings AS l JOIN products AS p ON p.id = l.product_id
WHERE l.account_id = :account_id AND l.on_sale = 1 AND l.item_id NOT IN (SELECT value FROM json_each(:items))
ORDER BY l.product_id;

-- name: show
-- What the platform's list (a JSON list of ids) says is on sale on an account, and what is not any more.
UPDATE listings SET on_sale = item_id IN (SELECT value FROM json_each(:items))
WHERE account_id = :account_id AND on_sale != (item_id IN (SELECT value FROM json_each(:items)));

-- name: below_floor
-- Items on sale of an account that cost less on the platform than their product's floor.
SELECT l.item_id, l.product_id, l.price_fen FROM listings AS l JOIN products AS p ON p.id = l.product_id
WHERE l.account_id = :account_id AND l.on_sale = 1 AND l.price_fen < p.floor_fen;

-- name: all
-- Every platform item with its account.
SELECT l.account_id, a.name AS account, l.item_id, l.spec, l.product_id, l.title, l.price_fen, l.on_sale
FROM listings AS l JOIN accounts AS a ON a.id = l.account_id ORDER BY l.product_id, l.account_id, l.item_id, l.spec;

-- name: of
-- The platform items that sell a product.
SELECT l.account_id, a.name AS account, l.item_id, l.spec, l.product_id, l.title, l.price_fen, l.on_sale
FROM listings AS l JOIN accounts AS a ON a.id = l.account_id WHERE l.product_id = :product_id
ORDER BY l.on_sale DESC, l.account_id, l.item_id, l.spec;

-- name: split
-- One platform item of a product sells another.
UPDATE listings SET product_id = :to_id WHERE product_id = :from_id AND item_id = :item_id;

-- name: move
-- The items of one product sell another.
UPDATE listings SET product_id = :to_id WHERE product_id = :from_id;

-- name: move_orders
-- Its orders are the other's.
UPDATE order_lines SET product_id = :to_id WHERE product_id = :from_id;

-- name: keep_place
-- What lay on a shelf lies there still, and what breaks breaks, whichever product it is now.
UPDATE products SET location = CASE location WHEN '' THEN :location ELSE location END, fragile = max(fragile, :fragile),
  version = version + 1
WHERE id = :to_id AND (location = '' AND :location != '' OR fragile < :fragile);

-- name: join
-- A product became another, and so did those that had become it.
UPDATE products SET joined_to = :to_id, version = version + 1, updated_at = :now
WHERE id = :from_id OR joined_to = :from_id;

-- name: has_books
-- Whether units or keys of a product are, or ever were, in the books; and its shop.
SELECT shop, EXISTS (SELECT 1 FROM ledger WHERE product_id = :id) OR EXISTS (
  SELECT 1 FROM card_keys WHERE product_id = :id) OR EXISTS (
  SELECT 1 FROM reservations WHERE product_id = :id) AS has FROM products WHERE id = :id;
