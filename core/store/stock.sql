-- name: find_product
-- One product; one that became another is that other.
SELECT * FROM products WHERE id = coalesce((SELECT joined_to FROM products WHERE id = :id), :id);

-- name: find_shelf
-- The numbers of one product that a movement needs.
SELECT counted, keyed, free, low_at, version FROM products WHERE id = :id;

-- name: products
-- Every product, by number; not those that became another.
SELECT * FROM products WHERE joined_to IS NULL ORDER BY id;

-- name: product_of_listing
-- The product a platform item (with one spec) sells.
SELECT product_id FROM listings WHERE account_id = :account_id AND item_id = :item_id AND spec = :spec;

-- name: add_product
-- A product nobody has configured yet, of the shop of the account that sells it.
INSERT INTO products (shop, title, spec, price_fen, delay_min_minutes, delay_max_minutes, low_at, carrier, created_at,
  updated_at)
VALUES ((SELECT shop FROM accounts WHERE id = :account_id), :title, :spec, :price_fen, :delay_min_minutes,
  :delay_max_minutes, :low_at, :carrier, :now, :now);

-- name: add_listing
-- A platform item sells a product.
INSERT INTO listings (account_id, item_id, spec, product_id, title, price_fen)
VALUES (:account_id, :item_id, :spec, :product_id, :title, :price_fen);

-- name: see_listing
-- The item's title and price as the platform tells them now.
UPDATE listings SET title = :title, price_fen = coalesce(:price_fen, price_fen)
WHERE account_id = :account_id AND item_id = :item_id AND spec = :spec
  AND (title != :title OR price_fen IS NOT coalesce(:price_fen, price_fen));

-- name: configure
-- The one UPDATE of a product's settings; it fails when the version is not the one seen.
UPDATE products SET title = :title, mode = :mode, auto_ship = :auto_ship, delay_min_minutes = :delay_min_minutes,
  delay_max_minutes = :delay_max_minutes, price_fen = :price_fen, floor_fen = :floor_fen, postage_fen = :postage_fen,
  max_quantity = :max_quantity, counted = :counted, keyed = :keyed, low_at = :low_at, carrier = :carrier,
  delivery_text = :delivery_text, location = :location, fragile = :fragile, facts = :facts, state = :state, configured = 1, version = version + 1,
  updated_at = :now
WHERE id = :id AND version = :version;

-- name: products_of_item
-- The products a platform item id names.
SELECT DISTINCT product_id FROM listings WHERE item_id = :item_id;

-- name: products_of_accounts
-- The products some accounts (a JSON list) sell.
SELECT DISTINCT product_id FROM listings WHERE account_id IN (SELECT value FROM json_each(:accounts));

-- name: products_titled
-- The products whose title, spec or a listing's title holds a word (LIKE pattern, escaped with a backslash).
SELECT id FROM products WHERE joined_to IS NULL AND (title LIKE :like ESCAPE '\' OR spec LIKE :like ESCAPE '\')
UNION SELECT product_id FROM listings WHERE title LIKE :like ESCAPE '\' LIMIT 2;

-- name: reserve
-- Units leave the shelf for an order: only when that many are free, and as many keys (STK-018).
UPDATE products SET free = free - :quantity, reserved = reserved + :quantity, version = version + 1, updated_at = :now
WHERE id = :product_id AND counted = 1 AND free >= :quantity AND (keyed = 0 OR :quantity = (
  SELECT count(*) FROM (SELECT 1 FROM card_keys AS k WHERE k.product_id = products.id AND k.state = 'free'
    LIMIT :quantity)));

-- name: hold
-- The order's reservation; one that was released may be held again.
INSERT INTO reservations (order_id, product_id, quantity, state, created_at)
VALUES (:order_id, :product_id, :quantity, 'held', :now)
ON CONFLICT (order_id) DO UPDATE SET product_id = excluded.product_id, quantity = excluded.quantity, state = 'held'
WHERE state = 'released';

-- name: reservation
-- What an order has reserved, or had.
SELECT product_id, quantity, state FROM reservations WHERE order_id = :order_id;

-- name: end_reservation
-- Held units were sold, or go back: once.
UPDATE reservations SET state = :state WHERE order_id = :order_id AND state = 'held';

-- name: claim_keys
-- The oldest free keys become the order's.
UPDATE card_keys SET state = 'reserved', order_id = :order_id, changed_at = :now WHERE id IN (
  SELECT id FROM card_keys WHERE product_id = :product_id AND state = 'free' ORDER BY id LIMIT :quantity);

-- name: sell
-- Reserved units are gone.
UPDATE products SET reserved = reserved - :quantity, sold = sold + :quantity, version = version + 1, updated_at = :now
WHERE id = :product_id;

-- name: sell_keys
-- The order's keys belong to it for ever.
UPDATE card_keys SET state = 'sold', changed_at = :now WHERE order_id = :order_id AND state = 'reserved';

-- name: release
-- Reserved units come back.
UPDATE products SET reserved = reserved - :quantity, free = free + :quantity, version = version + 1, updated_at = :now
WHERE id = :product_id;

-- name: release_keys
-- The order's keys come back: nobody has seen them.
UPDATE card_keys SET state = 'free', order_id = NULL, changed_at = :now
WHERE order_id = :order_id AND state = 'reserved';

-- name: add_free
-- Units arrive on the shelf (or leave it, when negative); below none the table refuses, and the ledger's row goes with it.
UPDATE products SET free = free + :quantity, version = version + 1, updated_at = :now WHERE id = :product_id;

-- name: set_counted
-- Whether a product's units are counted, and whether each is a key.
UPDATE products SET counted = :counted, keyed = :keyed, version = version + 1, updated_at = :now
WHERE id = :product_id;

-- name: log
-- A movement, with what it left.
INSERT INTO ledger (product_id, at, kind, quantity, free_after, reserved_after, sold_after, order_id, keep_id, actor)
SELECT id, :now, :kind, :quantity, free, reserved, sold, :order_id, :keep_id, :actor FROM products WHERE id = :product_id;

-- name: with_buyer
-- How many units of an order its buyer has, of counted goods that are no keys: sold, less what came back.
SELECT r.product_id, r.quantity AS sold, r.quantity - coalesce((
  SELECT sum(l.quantity) FROM ledger AS l INDEXED BY ledger_returned
  WHERE l.order_id = r.order_id AND l.kind = 'returned'), 0) AS n
FROM reservations AS r JOIN products AS p ON p.id = r.product_id
WHERE r.order_id = :order_id AND r.state = 'sold' AND p.counted = 1 AND p.keyed = 0;

-- name: known_keys
-- Which of some fingerprints (a JSON list) any product already has; of the many products without keys none is asked for
-- each of thousands.
SELECT DISTINCT k.fingerprint
FROM products AS g CROSS JOIN json_each(:prints) AS p CROSS JOIN card_keys AS k
WHERE EXISTS (SELECT 1 FROM card_keys AS some WHERE some.product_id = g.id)
  AND k.product_id = g.id AND k.fingerprint = p.value;

-- name: add_key
-- A sealed key; the same one again is nothing.
INSERT INTO card_keys (product_id, secret, fingerprint, state, added_at, changed_at)
VALUES (:product_id, :secret, :fingerprint, 'free', :now, :now) ON CONFLICT (product_id, fingerprint) DO NOTHING;

-- name: keys_in_hand
-- Which of some fingerprints (a JSON list) are keys still to be sold, and whether for the buyer of a conversation.
SELECT k.id, k.product_id, k.order_id, f.state AS shipping,
  coalesce(o.account_id = c.account_id AND (o.chat_no = c.chat_no OR o.buyer_id = c.buyer_id), 0) AS here
FROM json_each(:prints) AS p CROSS JOIN card_keys AS k INDEXED BY card_keys_in_hand
LEFT JOIN orders AS o ON o.id = k.order_id LEFT JOIN fulfilments AS f ON f.order_id = k.order_id
LEFT JOIN chats AS c ON c.id = :chat_id
WHERE k.fingerprint = p.value AND k.state IN ('free', 'reserved') ORDER BY k.id;

-- name: keys_named
-- The keys of a product by their fingerprints (a JSON list), whatever became of them.
SELECT k.id, k.state FROM json_each(:prints) AS p CROSS JOIN card_keys AS k
WHERE k.product_id = :product_id AND k.fingerprint = p.value;

-- name: void_keys
-- Free keys (a JSON list of ids) are gone: they are never sold.
UPDATE card_keys SET state = 'void', changed_at = :now
WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'free';

-- name: keys_of
-- The keys of an order, oldest first.
SELECT secret FROM card_keys WHERE order_id = :order_id ORDER BY id;

-- name: keys_of_chat
-- The keys of every order of a conversation, and of its buyer in any other.
SELECT secret FROM card_keys WHERE order_id IN (
  SELECT id FROM orders WHERE account_id = :account_id AND chat_no = :chat_no
  UNION SELECT id FROM orders WHERE buyer_id = :buyer_id
);

-- name: ledger_of
-- The newest movements of a product.
SELECT product_id, at, kind, quantity, free_after, reserved_after, sold_after, order_id, keep_id, actor FROM ledger
WHERE product_id = :product_id ORDER BY id DESC LIMIT :most;

-- name: sold_since
-- Units sold of each product since an instant; walks back from the newest movement to the last one before it.
SELECT product_id, sum(quantity) AS n FROM ledger NOT INDEXED
WHERE id > coalesce((SELECT id FROM ledger WHERE at < :since ORDER BY id DESC LIMIT 1), 0) AND kind = 'sell'
GROUP BY product_id;

-- name: short_waiting
-- Units that short orders wait for, by product.
SELECT l.product_id, sum(l.quantity) AS n FROM fulfilments AS f JOIN order_lines AS l ON l.order_id = f.order_id
WHERE f.state = 'short' AND f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND l.product_id IS NOT NULL
GROUP BY l.product_id;

-- name: last_act
-- Who changed a product last, and when.
SELECT name, at FROM acts WHERE entity = 'product' AND entity_id = :id ORDER BY id DESC LIMIT 1;

-- name: product_of_item
-- The product a platform item sells (its first specification), and whether its facts are known or were read of late.
SELECT l.product_id, p.facts != '' OR coalesce(l.read_at > :since, 0) AS facts_known
FROM listings AS l JOIN products AS p ON p.id = l.product_id
WHERE l.account_id = :account_id AND l.item_id = :item_id ORDER BY l.spec LIMIT 1;

-- name: product_of_chat
-- The product a conversation is about, and when it last changed.
SELECT l.product_id, p.updated_at FROM chats AS c JOIN listings AS l ON l.account_id = c.account_id AND l.item_id = c.item_id
JOIN products AS p ON p.id = l.product_id WHERE c.id = :id ORDER BY l.spec LIMIT 1;

-- name: read_listing
-- The item's record was read, whatever it said.
UPDATE listings SET read_at = :now WHERE account_id = :account_id AND item_id = :item_id;

-- name: tell_facts
-- What the platform's record tells of an item, unless the owner wrote something; what tells nothing new is no change.
UPDATE products SET facts = CASE facts WHEN '' THEN :facts ELSE facts END,
  price_fen = coalesce(price_fen, :price_fen), updated_at = :now
WHERE id = :id AND ((facts = '' AND :facts != '') OR (price_fen IS NULL AND :price_fen IS NOT NULL));
