-- name: list
-- What the owner wrote or switched, for a shop and for all shops.
SELECT shop, name, text, is_on FROM templates WHERE shop IN (:shop, 'main') ORDER BY shop = :shop;

-- name: write
-- The owner's words for an occasion; NULL is the default again.
INSERT INTO templates (shop, name, text) VALUES (:shop, :name, :text)
ON CONFLICT (shop, name) DO UPDATE SET text = excluded.text;

-- name: switch
-- Whether an occasion's text is said.
INSERT INTO templates (shop, name, is_on) VALUES (:shop, :name, :is_on)
ON CONFLICT (shop, name) DO UPDATE SET is_on = excluded.is_on;

-- name: shop_of_account
-- The shop an account belongs to.
SELECT shop FROM accounts WHERE id = :id;

-- name: withdraw
-- The occasion passed before its text went out.
UPDATE outbox SET state = 'cancelled', done_at = :now WHERE key = :key AND state = 'waiting';

-- name: set_reminded
-- The buyer of an unpaid order is reminded: once, and only while it is unpaid.
UPDATE orders SET reminded_at = :now WHERE id = :id AND state = 'pending_payment' AND reminded_at IS NULL;

-- name: unpaid
-- Unpaid orders of a time whose buyers nobody reminded, first ones first: in conversations where nobody speaks just now
-- and no person has the word, of buyers who are not blocked, and ordered since we are here.
SELECT o.id, a.shop FROM orders AS o INDEXED BY orders_unpaid
JOIN accounts AS a ON a.id = o.account_id
JOIN chats AS c ON c.account_id = o.account_id AND c.chat_no = o.chat_no
LEFT JOIN buyers AS b ON b.id = o.buyer_id
WHERE o.state = 'pending_payment' AND o.reminded_at IS NULL AND o.created_at BETWEEN :oldest AND :newest
  AND o.created_at >= a.first_connected_at AND c.mode = 'auto' AND c.answer_due_at IS NULL
  AND b.blocked_reason IS NULL
  AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.chat_id = c.id AND m.sent_at > :newest)
ORDER BY o.created_at LIMIT :most;
