"""Files with a past: written by plain SQL, because a shop would need hours for it."""

import sqlite3
from pathlib import Path

from core.store.db import prepare
from core.store.vault import Vault

DAY_MS = 86_400_000
BUILDING = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000", "PRAGMA temp_store = MEMORY")
ELSEWHERE = 2
"""An account that is not connected: its open orders are not asked about."""

PEOPLE = """
INSERT INTO accounts (id, name, platform, state, changed_at, first_connected_at) VALUES
  (1, 'shop', 'xianyu', 'new', :now, :now - 90 * 86400000), (2, 'elsewhere', 'xianyu', 'offline', :now, :now);
INSERT INTO products (id, title, configured, auto_ship, delay_min_minutes, delay_max_minutes, price_fen, low_at,
  created_at, updated_at) VALUES (1, 'past', 1, 1, 0, 0, 1000, 5, :now, :now);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < max(1, :count / 10))
  INSERT INTO buyers (id, platform, user_id, nick, first_seen_at, orders, paid_orders)
  SELECT i, 'xianyu', 'past' || i, 'buyer', :now, 10, 10 FROM n;
"""
ORDERS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
  INSERT INTO orders (id, account_id, order_no, chat_no, buyer_id, item_id, state, platform_status, amount_fen,
    created_at, paid_at, shipped_at, closed_at, updated_at)
  SELECT i, CASE WHEN i <= :due THEN 1 ELSE 2 END, CAST(4000000000000000000 + i AS TEXT), 'past' || (i / 10),
    1 + i / 10 % max(1, :count / 10), 'past', :state, :state, 1000, at, at, :closed * at, :closed * at, at
  FROM (SELECT i, :now - :span + (:span / :count) * i AS at FROM n);
INSERT INTO order_lines (order_id, line_no, product_id, item_id, title, quantity, unit_price_fen, total_fen)
  SELECT id, 1, 1, 'past', 'past', 1, 1000, 1000 FROM orders;
INSERT INTO history (machine, entity_id, version, at, before, after, event, actor)
  SELECT 'order', id, 1, created_at, NULL, state, 'born', 'platform' FROM orders;
INSERT INTO daily (day, name, value)
  SELECT date(created_at / 1000, 'unixepoch', '+8 hours') AS day, 'orders', count(*) FROM orders GROUP BY day;
INSERT INTO daily (day, name, value) SELECT day, 'paid', value FROM daily WHERE name = 'orders';
INSERT INTO daily (day, name, value) SELECT day, 'revenue_fen', value * 1000 FROM daily WHERE name = 'orders';
"""
WAITING = """
INSERT INTO fulfilments (order_id, state, mode, due_at, planned_at, created_at, updated_at)
  SELECT id, 'scheduled', 'virtual', :now + 86400000 + id, :now + 86400000 + id, :now, :now FROM orders;
INSERT INTO history (machine, entity_id, version, at, before, after, event, actor)
  SELECT 'fulfilment', id, 1, :now, NULL, 'scheduled', 'planned', 'platform' FROM orders;
"""


def build(data_dir: Path, now_ms: int, count: int, *, waiting: bool, due: int = 0) -> None:
    """A file with `count` orders of the last 60 days: completed, or all waiting to be shipped from tomorrow on.

    The first `due` of them belong to the connected account.
    """
    path, _ = prepare(data_dir)
    state = "pending_ship" if waiting else "completed"
    facts = {
        "now": now_ms,
        "count": count,
        "due": due,
        "span": 60 * DAY_MS,
        "state": state,
        "closed": None if waiting else 1,
    }
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in BUILDING:
        connection.execute(pragma)
    connection.execute("BEGIN")
    for statement in (PEOPLE + ORDERS + (WAITING if waiting else "")).split(";\n"):
        if statement.strip():
            connection.execute(statement, facts)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def make_due(data_dir: Path, count: int, at_ms: int) -> None:
    """Let the first `count` shipments be due at one instant."""
    connection = sqlite3.connect(data_dir / "shop.db")
    connection.execute("UPDATE fulfilments SET due_at = ?, planned_at = ? WHERE order_id <= ?", (at_ms, at_ms, count))
    connection.commit()
    connection.close()


def tell_histories(data_dir: Path, chats: dict[str, str], item_id: str, messages: int, now_ms: int) -> None:
    """Conversations (chat number → buyer) with so many messages each, both sides in turn, all answered."""
    path, _ = prepare(data_dir)
    vault = Vault.at(data_dir)
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO accounts (id, name, platform, state, changed_at, first_connected_at) VALUES (1, 'shop', 'xianyu', 'new', ?, ?)",
        (now_ms, now_ms),
    )
    for n, (chat_no, buyer) in enumerate(chats.items(), start=1):
        connection.execute(
            "INSERT INTO buyers (id, platform, user_id, first_seen_at) VALUES (?, 'xianyu', ?, ?)", (n, buyer, now_ms)
        )
        connection.execute(
            "INSERT INTO chats (id, account_id, chat_no, buyer_id, item_id, changed_at, answered_through) VALUES (?, 1, ?, ?, ?, ?, ?)",
            (n, chat_no, n, item_id, now_ms, n * messages),
        )
        for m in range(messages):
            at_ms, sender = now_ms - DAY_MS + m * 1000, "us" if m % 2 else "buyer"
            text = vault.seal(f"关于第{m}个问题，说明书上写的步骤可以参考一下，谢谢")
            connection.execute(
                "INSERT INTO messages (chat_id, sender, kind, text, sent_at, stored_at) VALUES (?, ?, 'text', ?, ?, ?)",
                (n, sender, text, at_ms, at_ms),
            )
    connection.commit()
    connection.close()
