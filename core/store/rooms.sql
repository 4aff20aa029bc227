-- name: bind
-- A chat the shop may speak in; one it had to leave is open to it again.
INSERT INTO rooms (chat, kind, title, bound_at) VALUES (:chat, :kind, :title, :now)
ON CONFLICT (chat) DO UPDATE SET left_at = NULL, moved_to = NULL,
  title = CASE :title WHEN '' THEN title ELSE :title END;

-- name: find
-- One chat the shop may speak in, or had to leave, or that became another.
SELECT rowid AS id, chat, kind, title, locale, left_at, moved_to, shop FROM rooms WHERE chat = :chat;

-- name: list
-- Every chat the shop may speak in or had to leave, first bound first.
SELECT rowid AS id, chat, kind, title, locale, left_at, moved_to, shop FROM rooms WHERE moved_to IS NULL
ORDER BY bound_at, rowid;

-- name: private
-- The private chats of the people with a role, first bound first.
SELECT r.rowid AS id, r.chat, r.kind, r.title, r.locale, r.left_at, r.moved_to, r.shop FROM rooms AS r
JOIN identities AS i ON i.who = r.chat JOIN members AS m ON m.id = i.member_id
WHERE r.kind = 'private' AND r.left_at IS NULL AND m.role = :role ORDER BY r.bound_at, r.rowid;

-- name: leave
-- The shop may not speak there any more.
UPDATE rooms SET left_at = :now WHERE chat = :chat AND left_at IS NULL;

-- name: back
-- It may again; in private only with people who are still let in: whoever was shut out opens nothing by blocking the bot
-- and letting it in again.
UPDATE rooms SET left_at = NULL WHERE chat = :chat AND left_at IS NOT NULL AND moved_to IS NULL
  AND (kind != 'private' OR EXISTS (SELECT 1 FROM identities AS i JOIN members AS m ON m.id = i.member_id
    WHERE i.who = rooms.chat AND m.role IS NOT NULL));

-- name: rename
-- The chat's new title.
UPDATE rooms SET title = :title WHERE chat = :chat AND title != :title;

-- name: serve
-- The shop whose alerts go to a chat first; NULL for every shop's.
UPDATE rooms SET shop = :shop WHERE chat = :chat;

-- name: speak
-- The language of a chat; NULL for each person's own.
UPDATE rooms SET locale = :locale WHERE chat = :chat;

-- name: drop
-- A chat is none of the shop's any more.
DELETE FROM rooms WHERE chat = :chat;

-- name: succeed
-- The chat that another became: it keeps its name, language and place in the order.
INSERT INTO rooms (chat, kind, title, locale, bound_at)
SELECT :new, kind, title, locale, bound_at FROM rooms WHERE chat = :old
ON CONFLICT (chat) DO UPDATE SET left_at = NULL, moved_to = NULL, bound_at = min(bound_at, excluded.bound_at);

-- name: move
-- A chat became another; those that had become it before follow.
UPDATE rooms SET moved_to = :new, left_at = :now WHERE chat = :old OR moved_to = :old;

-- name: move_actions
-- The buttons of a chat that became another.
UPDATE actions SET chat = :new WHERE chat = :old;

-- name: move_notices
-- What waits to be told in a chat, in another (NULL: in the shop's first).
UPDATE notices SET chat = :new WHERE chat = :old AND state IN ('waiting', 'claimed');

-- name: drop_redraws
-- Cards of a chat that wait to be drawn again.
DELETE FROM notices WHERE kind = 'redraw' AND state = 'waiting' AND chat = :chat;

-- name: drop_copies
-- The cards that stand in a chat.
DELETE FROM copies WHERE chat = :chat;

-- name: move_topics
-- Events told first in a chat, in another; its parts are not the same.
UPDATE topics SET chat = :new, topic = NULL WHERE chat = :old;

-- name: drop_topics
-- No event is told first in a chat any more.
DELETE FROM topics WHERE chat = :chat;

-- name: drop_replies
-- Messages of a chat that became words to a buyer.
DELETE FROM replies WHERE chat = :chat;
