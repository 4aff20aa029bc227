-- name: add
-- Somebody wants to log an account in.
INSERT INTO logins (account_id, state, chat, asked_at, changed_at) VALUES (:account_id, 'asked', :chat, :now, :now);

-- name: running
-- The login of an account that is under way.
SELECT id, chat, version FROM logins
WHERE account_id = :account_id AND state IN ('asked', 'waiting', 'scanned', 'checking');

-- name: all_running
-- Every login under way.
SELECT l.id, l.state, a.name FROM logins AS l INDEXED BY logins_running JOIN accounts AS a ON a.id = l.account_id
WHERE l.state IN ('asked', 'waiting', 'scanned', 'checking') ORDER BY l.id;

-- name: find
-- One login with its account.
SELECT l.id, l.account_id, a.name, l.state, l.version, l.chat, l.code, l.detail, l.asked_at, l.changed_at
FROM logins AS l JOIN accounts AS a ON a.id = l.account_id WHERE l.id = :id;

-- name: has_code
-- Whether a code of it stands somewhere, or did: then it can be shown.
SELECT 1 FROM logins WHERE id = :id AND state IN ('waiting', 'scanned', 'checking');

-- name: show_in
-- Its code goes to another private room from now on.
UPDATE logins SET chat = :chat, version = version + 1 WHERE id = :id;

-- name: step
-- It went on. What is over stays as it is.
UPDATE logins SET state = :state, code = :code, detail = :detail, changed_at = :now, version = version + 1
WHERE id = :id AND state IN ('asked', 'waiting', 'scanned', 'checking');
