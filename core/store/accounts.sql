-- name: keep
-- An account of the configuration has a row, in its shop.
INSERT INTO accounts (name, shop, platform, state, changed_at) VALUES (:name, :shop, :platform, 'new', :now)
ON CONFLICT (name) DO UPDATE SET shop = excluded.shop, removed_at = NULL
WHERE shop != excluded.shop OR removed_at IS NOT NULL;

-- name: keep_only
-- Accounts that are not among some names (a JSON list) stand in the configuration no more.
UPDATE accounts SET removed_at = :now WHERE removed_at IS NULL AND name NOT IN (SELECT value FROM json_each(:names));

-- name: move_goods
-- What only this account sells is its shop's: it may have moved.
UPDATE products SET shop = :shop, updated_at = :now WHERE shop != :shop AND id IN (
  SELECT l.product_id FROM accounts AS a JOIN listings AS l ON l.account_id = a.id
  WHERE a.name = :name AND NOT EXISTS (
    SELECT 1 FROM listings AS o JOIN accounts AS b ON b.id = o.account_id
    WHERE o.product_id = l.product_id AND b.shop != :shop));

-- name: sellers
-- Every account with its shop, and since when it stands in the configuration no more.
SELECT id, name, shop, removed_at FROM accounts ORDER BY id;

-- name: find
-- One account by name.
SELECT id, name, platform, user_id, state, reason, changed_at, first_connected_at, caught_up_at, last_frame_at, link
FROM accounts WHERE name = :name;

-- name: all
-- Every account.
SELECT id, name, platform, user_id, state, reason, changed_at, first_connected_at, caught_up_at, last_frame_at, link
FROM accounts ORDER BY id;

-- name: is_user
-- Whether an account is this user, or not yet known to be another.
SELECT 1 FROM accounts WHERE id = :id AND coalesce(user_id, :user_id) = :user_id;

-- name: may_become
-- Whether an account may be this user from now on: it is, or the platform never accepted a login of it.
SELECT 1 FROM accounts WHERE id = :id
AND (first_connected_at IS NULL OR coalesce(user_id, :user_id) = :user_id);

-- name: is_anothers
-- Whether another account is this user.
SELECT 1 FROM accounts WHERE user_id = :user_id AND id != :id;

-- name: set_state
-- The state of its connection changed.
UPDATE accounts SET state = :state, reason = :reason, changed_at = :now WHERE id = :id
AND (state != :state OR reason != :reason);

-- name: disconnected
-- Its connection ended. A stopped account, or one that is to be resumed, stays as it is.
UPDATE accounts SET state = 'offline', reason = :reason, changed_at = :now WHERE id = :id
AND state NOT IN ('login_expired', 'challenged') AND reason != 'resume_asked'
AND (state != 'offline' OR reason != :reason);

-- name: connected
-- A /reg was accepted; the first one is kept for ever, by the platform's clock, as payments are. Of a stopped account,
-- or of one that is to be resumed, it says nothing: its calls do not go, and it connects anew when it is mended.
UPDATE accounts SET state = 'online', reason = '', changed_at = :now, user_id = :user_id,
  first_connected_at = coalesce(first_connected_at, :platform_now) WHERE id = :id
AND state NOT IN ('login_expired', 'challenged') AND reason != 'resume_asked';

-- name: caught_up
-- What was missed has been fetched up to here.
UPDATE accounts SET caught_up_at = :until WHERE id = :id;

-- name: heard
-- When the last frame came.
UPDATE accounts SET last_frame_at = :now WHERE id = :id;

-- name: keep_link
-- Cookies, device id and token, sealed; how old the login is and when it ends stand open.
UPDATE accounts SET link = :link, user_id = :user_id, logged_in_at = :logged_in_at, login_ends_at = :ends_at
WHERE id = :id;

-- name: mended
-- What only the owner could mend is mended.
UPDATE accounts SET state = 'offline', reason = '', changed_at = :now WHERE id = :id
AND (state IN ('login_expired', 'challenged') OR reason = 'resume_asked');

-- name: first_connected
-- When an account was first connected: older paid orders are the owner's.
SELECT first_connected_at FROM accounts WHERE id = :id;

-- name: all_offline
-- A new process has no connection yet, whatever the last one had: effects wait until there is one.
UPDATE accounts SET state = 'offline', changed_at = :now WHERE state = 'online';

-- name: login_age
-- When the owner gave the present login.
SELECT logged_in_at FROM accounts WHERE id = :id;

-- name: caught_up_since
-- Whether everything was fetched again after an instant.
SELECT 1 FROM accounts WHERE id = :id AND caught_up_at > :since;
