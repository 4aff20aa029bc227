-- name: edges
-- The newest ids of what grows: a light check looks at the rows after them, less a window.
SELECT
  (SELECT coalesce(max(id), 0) FROM orders) AS orders,
  (SELECT coalesce(max(id), 0) FROM history) AS history,
  (SELECT coalesce(max(id), 0) FROM ledger) AS ledger,
  (SELECT coalesce(max(id), 0) FROM outbox) AS outbox,
  (SELECT coalesce(max(id), 0) FROM messages) AS messages,
  (SELECT coalesce(max(id), 0) FROM approvals) AS approvals;

-- name: counted
-- How many rows a whole check looked at.
SELECT
  (SELECT count(*) FROM orders) AS orders,
  (SELECT count(*) FROM fulfilments) AS fulfilments,
  (SELECT count(*) FROM history) AS history,
  (SELECT count(*) FROM products) AS products,
  (SELECT count(*) FROM ledger) AS ledger,
  (SELECT count(*) FROM keeps) AS keeps,
  (SELECT count(*) FROM card_keys) AS keys,
  (SELECT count(*) FROM outbox) AS outbox,
  (SELECT count(*) FROM messages) AS messages,
  (SELECT count(*) FROM notices) AS notices;

-- name: integrity
-- SQLite's own check of the file.
SELECT quick_check AS row FROM pragma_quick_check(1) WHERE quick_check != 'ok';

-- name: dangling
-- A row that points at nothing: a fulfilment without its order, a line without its product.
SELECT "table" || ' row ' || coalesce(rowid, '?') || ' points at a missing row of ' || parent AS row
FROM pragma_foreign_key_check LIMIT 1;

-- name: stock_sum
-- free + reserved + sold = receipts + adjustments + returns + write-offs.
SELECT 'product ' || p.id || ': free + reserved + sold is ' || (p.free + p.reserved + p.sold)
  || ', the ledger says ' || coalesce(l.n, 0) AS row
FROM products AS p LEFT JOIN (
  SELECT product_id, sum(quantity) AS n FROM ledger
  WHERE kind IN ('receipt', 'adjustment', 'returned', 'write_off') GROUP BY product_id) AS l ON l.product_id = p.id
WHERE p.free + p.reserved + p.sold != coalesce(l.n, 0) ORDER BY p.id LIMIT 1;

-- name: stock_last
-- A product stands where its newest movement left it.
SELECT 'product ' || p.id || ': it has ' || p.free || '/' || p.reserved || '/' || p.sold
  || ' free/reserved/sold, its newest movement left '
  || coalesce(l.free_after || '/' || l.reserved_after || '/' || l.sold_after, '0/0/0') AS row
FROM products AS p LEFT JOIN ledger AS l ON l.id = (SELECT max(m.id) FROM ledger AS m WHERE m.product_id = p.id)
WHERE p.free != coalesce(l.free_after, 0) OR p.reserved != coalesce(l.reserved_after, 0)
  OR p.sold != coalesce(l.sold_after, 0)
ORDER BY p.id LIMIT 1;

-- name: ledger_step
-- Each movement leaves what the one before left, changed by what it says.
SELECT 'ledger ' || n.id || ' (' || n.kind || ' ' || n.quantity || ' of product ' || n.product_id
  || ') does not follow from the movement before it' AS row
FROM ledger AS n LEFT JOIN ledger AS b
  ON b.id = (SELECT max(m.id) FROM ledger AS m WHERE m.product_id = n.product_id AND m.id < n.id)
WHERE n.id > :ledger AND (
  n.free_after != coalesce(b.free_after, 0) + CASE n.kind WHEN 'reserve' THEN -n.quantity WHEN 'sell' THEN 0
    ELSE n.quantity END
  OR n.reserved_after != coalesce(b.reserved_after, 0) + CASE n.kind WHEN 'reserve' THEN n.quantity
    WHEN 'release' THEN -n.quantity WHEN 'sell' THEN -n.quantity ELSE 0 END
  OR n.sold_after != coalesce(b.sold_after, 0) + CASE n.kind WHEN 'sell' THEN n.quantity ELSE 0 END)
ORDER BY n.id LIMIT 1;

-- name: stock_reserved
-- What a product has reserved is what orders hold of it and what is kept of it.
SELECT 'product ' || id || ': reserved is ' || reserved || ', orders hold ' || held || ', kept are ' || kept AS row
FROM (SELECT p.id, p.reserved, (
    SELECT coalesce(sum(r.quantity), 0) FROM reservations AS r WHERE r.product_id = p.id AND r.state = 'held') AS held, (
    SELECT coalesce(sum(l.quantity), 0) FROM keeps AS k INDEXED BY keeps_due
    JOIN keep_lines AS l ON l.keep_id = k.id AND l.product_id = p.id WHERE k.state = 'kept') AS kept
  FROM products AS p)
WHERE reserved != held + kept ORDER BY id LIMIT 1;

-- name: stock_sold
-- What a product has sold is what orders bought of it and what was collected of it.
SELECT 'product ' || id || ': sold is ' || sold || ', orders bought ' || bought || ', collected were ' || collected AS row
FROM (SELECT p.id, p.sold, (
    SELECT coalesce(sum(r.quantity), 0) FROM reservations AS r WHERE r.product_id = p.id AND r.state = 'sold') AS bought, (
    SELECT coalesce(sum(l.quantity), 0) FROM keep_lines AS l JOIN keeps AS k ON k.id = l.keep_id
    WHERE l.product_id = p.id AND k.state IN ('collected', 'returned')) AS collected
  FROM products AS p)
WHERE sold != bought + collected ORDER BY id LIMIT 1;

-- name: held_for_nothing
-- Units held for an order that is closed or has shipped.
SELECT 'order ' || r.order_id || ' holds ' || r.quantity || ' of product ' || r.product_id || ' although it is '
  || CASE WHEN o.state = 'cancelled' THEN o.state ELSE f.state END AS row
FROM products AS p CROSS JOIN reservations AS r ON r.product_id = p.id AND r.state = 'held'
JOIN orders AS o ON o.id = r.order_id LEFT JOIN fulfilments AS f ON f.order_id = r.order_id
WHERE o.state = 'cancelled' OR f.state IN ('succeeded', 'cancelled')
ORDER BY r.order_id LIMIT 1;

-- name: keys_shelf
-- A keyed product has as many free keys as free units.
SELECT 'product ' || p.id || ': ' || p.free || ' units are free, ' || count(k.id) || ' keys' AS row
FROM products AS p LEFT JOIN card_keys AS k ON k.product_id = p.id AND k.state = 'free'
WHERE p.keyed = 1 GROUP BY p.id HAVING p.free != count(k.id) ORDER BY p.id LIMIT 1;

-- name: keys_held
-- An order of a keyed product holds one key a unit.
SELECT 'order ' || r.order_id || ' holds ' || r.quantity || ' units of product ' || r.product_id || ' and '
  || (SELECT count(*) FROM card_keys AS k WHERE k.order_id = r.order_id) || ' keys' AS row
FROM products AS p CROSS JOIN reservations AS r ON r.product_id = p.id AND r.state = 'held'
WHERE p.keyed = 1
  AND r.quantity != (SELECT count(*) FROM card_keys AS k WHERE k.order_id = r.order_id AND k.state = 'reserved')
ORDER BY r.order_id LIMIT 1;

-- name: key_owner
-- A key belongs to the order that reserved, or bought, its product.
SELECT 'key ' || k.id || ' is ' || k.state || ' for order ' || k.order_id || ', whose units are '
  || coalesce(r.state || ' of product ' || r.product_id, 'of no product') AS row
FROM card_keys AS k LEFT JOIN reservations AS r ON r.order_id = k.order_id
WHERE k.order_id IS NOT NULL AND k.order_id > :orders
  AND (r.order_id IS NULL OR r.product_id != k.product_id OR r.state != CASE k.state WHEN 'sold' THEN 'sold' ELSE 'held' END)
ORDER BY k.id LIMIT 1;

-- name: number_over
-- A number bought beforehand is given back or used when its order's shipping is over.
SELECT 'number ' || w.id || ' is still taken, the shipping of order ' || w.order_id || ' is ' || f.state AS row
FROM waybills AS w INDEXED BY waybills_taken JOIN fulfilments AS f ON f.order_id = w.order_id
WHERE w.state = 'taken' AND f.state IN ('succeeded', 'cancelled') ORDER BY w.id LIMIT 1;

-- name: number_lost
-- A number bought beforehand that is taken stands on its order.
SELECT 'number ' || w.id || ' is taken for order ' || w.order_id || ', which has none' AS row
FROM waybills AS w INDEXED BY waybills_taken LEFT JOIN fulfilments AS f ON f.order_id = w.order_id
WHERE w.state = 'taken' AND f.tracking_no IS NULL ORDER BY w.id LIMIT 1;

-- name: key_twice
-- The same key stands in two rows: two orders would get it.
SELECT 'keys ' || min(k.id) || ' and ' || max(k.id) || ' are the same key, for orders '
  || coalesce(group_concat(k.order_id, ' and '), 'to come') AS row
FROM card_keys AS k GROUP BY k.fingerprint HAVING count(*) > 1 ORDER BY min(k.id) LIMIT 1;

-- name: order_life
-- An order's state and version are those of its newest step.
SELECT 'order ' || o.id || ' is ' || o.state || ' v' || o.version || ', its history ends with ' || h.after || ' v'
  || h.version AS row
FROM (SELECT DISTINCT entity_id FROM history NOT INDEXED WHERE id > :history AND machine = 'order') AS w
CROSS JOIN orders AS o ON o.id = w.entity_id
CROSS JOIN history AS h ON h.entity_id = o.id AND h.machine = 'order' AND h.version = (
  SELECT max(n.version) FROM history AS n WHERE n.entity_id = o.id AND n.machine = 'order')
WHERE h.after != o.state OR h.version != o.version ORDER BY o.id LIMIT 1;

-- name: order_unborn
-- Every order has a history.
SELECT 'order ' || o.id || ' is ' || o.state || ' and has no history' AS row FROM orders AS o
WHERE o.id > :orders AND NOT EXISTS (
  SELECT 1 FROM history AS h WHERE h.entity_id = o.id AND h.machine = 'order') ORDER BY o.id LIMIT 1;

-- name: fulfilment_life
-- A fulfilment's state is that of its newest step (its version also counts changes that are no steps).
SELECT 'fulfilment of order ' || f.order_id || ' is ' || f.state || ' v' || f.version || ', its history ends with '
  || h.after || ' v' || h.version AS row
FROM (SELECT DISTINCT entity_id FROM history NOT INDEXED WHERE id > :history AND machine = 'fulfilment') AS w
CROSS JOIN fulfilments AS f ON f.order_id = w.entity_id
CROSS JOIN history AS h ON h.entity_id = f.order_id AND h.machine = 'fulfilment' AND h.version = (
  SELECT max(n.version) FROM history AS n WHERE n.entity_id = f.order_id AND n.machine = 'fulfilment')
WHERE h.after != f.state OR h.version > f.version ORDER BY f.order_id LIMIT 1;

-- name: fulfilment_unborn
-- Every fulfilment has a history.
SELECT 'fulfilment of order ' || f.order_id || ' is ' || f.state || ' and has no history' AS row FROM fulfilments AS f
WHERE f.order_id > :orders AND NOT EXISTS (
  SELECT 1 FROM history AS h WHERE h.entity_id = f.order_id AND h.machine = 'fulfilment')
ORDER BY f.order_id LIMIT 1;

-- name: life_broken
-- Each step starts where the one before ended.
SELECT 'history ' || n.id || ' (' || n.machine || ' ' || n.entity_id || ' v' || n.version || ') starts at '
  || coalesce(n.before, 'nothing') || ', the step before ended at ' || coalesce(b.after, 'nothing') AS row
FROM history AS n LEFT JOIN history AS b ON b.entity_id = n.entity_id AND b.machine = n.machine AND b.version = (
  SELECT max(m.version) FROM history AS m
  WHERE m.entity_id = n.entity_id AND m.machine = n.machine AND m.version < n.version)
WHERE n.id > :history AND n.before IS NOT b.after ORDER BY n.id LIMIT 1;

-- name: steps
-- Every kind of step that was ever taken, with the first that took it.
SELECT machine, before, event, after, min(id) AS id FROM history WHERE id > :history
GROUP BY machine, before, event, after ORDER BY min(id);

-- name: paid_forgotten
-- A paid order has its shipping task, or somebody is asking the platform about it.
SELECT 'order ' || o.id || ' is paid, has no fulfilment, and nobody asks about it' AS row
FROM orders AS o INDEXED BY orders_open
WHERE o.state = 'pending_ship' AND o.state IN ('pending_payment', 'pending_ship', 'refunding')
  AND NOT EXISTS (SELECT 1 FROM fulfilments AS f WHERE f.order_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM outbox AS e WHERE e.order_id = o.id AND e.state IN ('waiting', 'claimed', 'asking'))
ORDER BY o.id LIMIT 1;

-- name: shipping_closed
-- A closed order's shipping is over.
SELECT 'order ' || o.id || ' is ' || o.state || ', its fulfilment is still ' || f.state AS row
FROM fulfilments AS f INDEXED BY fulfilments_open JOIN orders AS o ON o.id = f.order_id
WHERE f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND o.state IN ('shipped', 'completed', 'cancelled')
ORDER BY o.id LIMIT 1;

-- name: scheduled_closed
-- The same of what is planned.
SELECT 'order ' || o.id || ' is ' || o.state || ', its fulfilment is still ' || f.state AS row
FROM fulfilments AS f JOIN orders AS o ON o.id = f.order_id
WHERE f.state = 'scheduled' AND o.state IN ('shipped', 'completed', 'cancelled') ORDER BY o.id LIMIT 1;

-- name: executing_alone
-- A shipment under way has an effect under way.
SELECT 'fulfilment of order ' || f.order_id || ' is executing and nothing of it is under way' AS row
FROM fulfilments AS f INDEXED BY fulfilments_open
WHERE f.state = 'executing' AND f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND NOT EXISTS (
  SELECT 1 FROM outbox AS e WHERE e.order_id = f.order_id AND e.state IN ('waiting', 'claimed', 'asking'))
ORDER BY f.order_id LIMIT 1;

-- name: unknown_alone
-- A doubtful shipment has the effect it is in doubt about.
SELECT 'fulfilment of order ' || f.order_id || ' is unknown and no effect of it is in doubt' AS row
FROM fulfilments AS f INDEXED BY fulfilments_open
WHERE f.state = 'unknown' AND f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND NOT EXISTS (
  SELECT 1 FROM outbox AS e WHERE e.order_id = f.order_id AND e.state = 'unknown')
ORDER BY f.order_id LIMIT 1;

-- name: shipped_unread
-- Nothing left for a buyer before the platform's record was read, and only for a paid order.
SELECT 'outbox ' || e.id || ' (' || e.kind || ' of order ' || e.order_id || ') left although '
  || CASE WHEN o.paid_at IS NULL THEN 'the order is not paid' ELSE 'its record was not read before' END AS row
FROM outbox AS e JOIN orders AS o ON o.id = e.order_id
WHERE e.id > :outbox AND e.kind IN ('deliver', 'consign', 'consign_parcel')
  AND e.state IN ('claimed', 'asking', 'done', 'unknown')
  AND (o.paid_at IS NULL OR o.recorded_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM outbox AS c WHERE c.order_id = e.order_id AND c.kind = 'confirm' AND c.state = 'done' AND c.id < e.id))
ORDER BY e.id LIMIT 1;

-- name: shipped_twice
-- An order's text, and its ship call, were accepted once.
SELECT 'outbox ' || e.id || ' and ' || min(x.id) || ' both did the ' || e.kind || ' of order ' || e.order_id AS row
FROM outbox AS e JOIN outbox AS x ON x.order_id = e.order_id AND x.kind = e.kind AND x.state = 'done' AND x.id < e.id
WHERE e.id > :outbox AND e.kind IN ('deliver', 'consign', 'consign_parcel') AND e.state = 'done'
GROUP BY e.id ORDER BY e.id LIMIT 1;

-- name: said_twice
-- A text of ours stands in its conversation once.
SELECT 'messages ' || min(m.id) || ' and ' || max(m.id) || ' are both outbox ' || m.outbox_id AS row
FROM messages AS m NOT INDEXED WHERE m.id > :messages AND m.outbox_id IS NOT NULL
GROUP BY m.outbox_id HAVING count(*) > 1 ORDER BY min(m.id) LIMIT 1;

-- name: heard_twice
-- What a buyer said was kept once: twice kept is twice answered.
SELECT 'messages ' || min(m.id) || ' and ' || max(m.id) || ' of chat ' || m.chat_id || ' are the same message' AS row
FROM messages AS m NOT INDEXED WHERE m.id > :messages AND m.pnm_id IS NOT NULL AND m.sender = 'buyer'
GROUP BY m.chat_id, m.pnm_id HAVING count(*) > 1 ORDER BY min(m.id) LIMIT 1;

-- name: approval_alone
-- An open question belongs to goods that wait for its answer.
SELECT 'approval ' || a.id || ' of order ' || a.order_id || ' is open, the fulfilment is '
  || coalesce(f.state, 'missing') AS row
FROM approvals AS a INDEXED BY approvals_next LEFT JOIN fulfilments AS f ON f.order_id = a.order_id
WHERE a.state = 'pending' AND coalesce(f.state, '') NOT IN ('awaiting_approval', 'held') ORDER BY a.id LIMIT 1;

-- name: unasked
-- Goods that wait for an approval have an open question.
SELECT 'fulfilment of order ' || f.order_id || ' awaits an approval nobody was asked for' AS row
FROM fulfilments AS f INDEXED BY fulfilments_open
WHERE f.state = 'awaiting_approval' AND f.state NOT IN ('succeeded', 'cancelled', 'scheduled') AND NOT EXISTS (
  SELECT 1 FROM approvals AS a WHERE a.order_id = f.order_id AND a.state = 'pending')
ORDER BY f.order_id LIMIT 1;

-- name: approved_by_nobody
-- Only a person approves: silence never does.
SELECT 'approval ' || id || ' of order ' || order_id || ' was approved by '
  || coalesce(nullif(decided_by, ''), 'nobody') AS row
FROM approvals WHERE id > :approvals AND state = 'approved'
  AND (decided_at IS NULL OR coalesce(decided_by, '') IN ('', 'shop', 'platform')) ORDER BY id LIMIT 1;

-- name: unrecorded
-- A person's decision stands in the record of what people did.
SELECT 'approval ' || a.id || ' of order ' || a.order_id || ' was ' || a.state || ' and no act says by whom' AS row
FROM approvals AS a WHERE a.id > :approvals AND a.state IN ('approved', 'rejected') AND NOT EXISTS (
  SELECT 1 FROM acts AS t WHERE t.entity = 'order' AND t.entity_id = a.order_id AND t.at >= a.asked_at)
ORDER BY a.id LIMIT 1;

-- name: approval_overdue
-- A deadline that passed has held the goods.
SELECT 'approval ' || id || ' of order ' || order_id || ' is past its deadline and still open' AS row
FROM approvals INDEXED BY approvals_next
WHERE state = 'pending' AND max(expires_at, :up_since) < :late_before ORDER BY id LIMIT 1;

-- name: keep_overdue
-- What was kept for long enough is back on the shelf.
SELECT 'keep ' || id || ' is past its time, its units are still kept' AS row FROM keeps INDEXED BY keeps_due
WHERE state = 'kept' AND max(expires_at, :up_since) < :late_before ORDER BY id LIMIT 1;

-- name: outbox_late
-- What is due leaves, while its account is online and nothing is paused.
SELECT 'outbox ' || e.id || ' (' || e.kind || ') is past due' AS row
FROM outbox AS e INDEXED BY outbox_due JOIN accounts AS a ON a.id = e.account_id
WHERE e.state IN ('waiting', 'asking') AND e.due_at < :late_before AND a.state = 'online'
  AND max(a.changed_at, :up_since) < :late_before
  AND (e.after_id IS NULL OR EXISTS (SELECT 1 FROM outbox AS f WHERE f.id = e.after_id AND f.state = 'done'))
  AND NOT EXISTS (SELECT 1 FROM pauses AS p WHERE p.ended_at IS NULL OR p.ended_at > :late_before)
ORDER BY e.due_at LIMIT 1;

-- name: outbox_held
-- A claim whose lease ran out is taken back.
SELECT 'outbox ' || id || ' (' || kind || ') is claimed and its lease ran out' AS row
FROM outbox INDEXED BY outbox_claimed
WHERE state = 'claimed' AND max(lease_until, :up_since) < :late_before ORDER BY id LIMIT 1;

-- name: outbox_dead_end
-- An effect never waits for one that will not happen.
SELECT 'outbox ' || e.id || ' (' || e.kind || ') waits for outbox ' || f.id || ', which is ' || f.state AS row
FROM outbox AS e INDEXED BY outbox_due JOIN outbox AS f ON f.id = e.after_id
WHERE e.state IN ('waiting', 'asking') AND f.state IN ('refused', 'failed', 'cancelled') ORDER BY e.id LIMIT 1;

-- name: shipment_late
-- What is due ships, while its account is online and nothing is paused.
SELECT 'fulfilment of order ' || f.order_id || ' is past due' AS row
FROM fulfilments AS f INDEXED BY fulfilments_due JOIN orders AS o ON o.id = f.order_id
JOIN accounts AS a ON a.id = o.account_id
WHERE f.due_at < :late_before AND f.state IN ('scheduled', 'manual') AND a.state = 'online'
  AND max(a.changed_at, :up_since) < :late_before
  AND NOT EXISTS (SELECT 1 FROM pauses AS p WHERE p.ended_at IS NULL OR p.ended_at > :late_before)
ORDER BY f.due_at LIMIT 1;

-- name: inbox_late
-- What arrived is acted on.
SELECT 'inbox ' || id || ' (' || kind || ') was stored and is not acted on' AS row
FROM inbox INDEXED BY inbox_waiting
WHERE state = 'waiting' AND max(received_at, :up_since) < :late_before ORDER BY id LIMIT 1;

-- name: notice_late
-- What is urgent is told, or tried and planned anew; the rest may queue for a place in the chat.
SELECT 'notice ' || id || ' (' || kind || ') is past due and nobody tried' AS row
FROM notices INDEXED BY notices_due
WHERE state = 'waiting' AND urgency = 'urgent' AND max(due_at, :up_since) < :late_before ORDER BY due_at LIMIT 1;

-- name: days
-- The roll-ups, by day.
SELECT day, name, value FROM daily;

-- name: hours
-- A day's numbers are the sum of its hours, from the first whole day on that has any.
SELECT d.day || ': ' || d.name || ' is ' || d.value || ', its hours sum up to ' || coalesce(sum(h.value), 0) AS row
FROM daily AS d LEFT JOIN hourly AS h ON h.day = d.day AND h.name = d.name
WHERE d.day > (SELECT min(day) FROM hourly)
GROUP BY d.day, d.name HAVING d.value != coalesce(sum(h.value), 0) ORDER BY d.day, d.name LIMIT 1;

-- name: quarters
-- The same numbers recounted from what happened, by quarters of an hour (every zone's days are made of them).
SELECT 'orders' AS name, at / 900000 AS quarter, count(*) AS value FROM history
WHERE machine = 'order' AND before IS NULL GROUP BY quarter
UNION ALL
SELECT 'paid', at / 900000 AS quarter, count(*) FROM history
WHERE machine = 'order' AND (event = 'pay' OR (before IS NULL AND after NOT IN ('pending_payment', 'cancelled')))
GROUP BY quarter
UNION ALL
SELECT 'cancelled', at / 900000 AS quarter, count(*) FROM history
WHERE machine = 'order' AND after = 'cancelled' AND before IS NOT NULL GROUP BY quarter
UNION ALL
SELECT 'refunds', at / 900000 AS quarter, count(*) FROM history
WHERE machine = 'order' AND after = 'refunding' GROUP BY quarter
UNION ALL
SELECT CASE WHEN (h.event = 'seen_shipped' AND h.before NOT IN ('executing', 'unknown')) OR f.by_hand THEN 'shipped_by_hand' ELSE 'shipped_auto' END AS name,
  h.at / 900000 AS quarter, count(*)
FROM history AS h JOIN fulfilments AS f ON f.order_id = h.entity_id
WHERE h.machine = 'fulfilment' AND h.after = 'succeeded' GROUP BY name, quarter
UNION ALL
SELECT 'ship_failed', at / 900000 AS quarter, count(*) FROM history
WHERE machine = 'fulfilment' AND after = 'failed' GROUP BY quarter
UNION ALL
SELECT 'approvals_asked', asked_at / 900000 AS quarter, count(*) FROM approvals GROUP BY quarter
UNION ALL
SELECT state, decided_at / 900000 AS quarter, count(*) FROM approvals
WHERE state IN ('approved', 'rejected', 'expired') GROUP BY state, quarter
UNION ALL
SELECT 'messages', stored_at / 900000 AS quarter, count(*) FROM messages WHERE sender = 'buyer' GROUP BY quarter;

-- name: totals
-- Money recounted from orders, whatever the day.
SELECT 'revenue_fen' AS name, coalesce(sum(amount_fen), 0) AS value FROM orders WHERE paid_at IS NOT NULL
UNION ALL
SELECT 'refund_fen', coalesce(sum(coalesce(r.amount_fen, o.amount_fen)), 0) FROM refunds AS r JOIN orders AS o ON o.id = r.order_id
WHERE r.state = 'refunded';
