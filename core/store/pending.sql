-- name: tasks
-- Fulfilments that wait for a person, the longest first, with the deadline of the open question.
SELECT f.order_id, f.state, f.updated_at, f.reason, a.expires_at
FROM fulfilments AS f INDEXED BY fulfilments_open
LEFT JOIN approvals AS a ON a.order_id = f.order_id AND a.state = 'pending'
WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND f.state != 'executing'
ORDER BY f.updated_at, f.order_id LIMIT :most;

-- name: chats
-- Conversations a person speaks in, and those with a text nobody knows the fate of.
SELECT 'chat' AS kind, c.id, a.name AS account, coalesce(b.nick, '') AS nick, c.changed_at AS since_at, c.human_until
FROM chats AS c INDEXED BY chats_human JOIN accounts AS a ON a.id = c.account_id LEFT JOIN buyers AS b ON b.id = c.buyer_id
WHERE c.mode = 'human'
UNION ALL
SELECT 'unknown', c.id, a.name, coalesce(b.nick, ''), coalesce(e.tried_at, e.created_at), NULL
FROM outbox AS e INDEXED BY outbox_unknown JOIN chats AS c ON c.id = e.chat_id JOIN accounts AS a ON a.id = c.account_id
LEFT JOIN buyers AS b ON b.id = c.buyer_id
WHERE e.state = 'unknown' AND e.kind = 'answer';

-- name: accounts
-- Accounts only a person can bring back.
SELECT name, state, reason, changed_at FROM accounts
WHERE state IN ('login_expired', 'challenged') AND removed_at IS NULL;
