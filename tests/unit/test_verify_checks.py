"""The standing check: right on a healthy file; each check names the row that somebody broke by hand."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import BadConfig
from core.moves.books import keep_findings
from core.store import books
from core.store.db import Store
from core.tools.verify import verify
from core.values.findings import Finding
from tests import living
from tests import stockroom as room

HOUR = 3_600_000

_NUMBER = (
    "INSERT INTO waybills (carrier, secret, fingerprint, state, order_id, added_at, changed_at) "
    "VALUES ('SF', x'00', 'f', 'taken', {order}, 0, 0)"
)
BROKEN: dict[str, tuple[int, str, str]] = {
    "dangling": (5, "DELETE FROM orders WHERE id = 2", "missing row of orders"),
    "stock_sum": (7, "UPDATE ledger SET quantity = 41 WHERE product_id = 2 AND kind = 'adjustment'", "product 2"),
    "stock_last": (7, "UPDATE products SET free = free + 1 WHERE id = 2", "product 2"),
    "ledger_step": (7, "UPDATE ledger SET free_after = free_after + 1 WHERE id = 3", "ledger 3"),
    "stock_reserved": (7, "UPDATE reservations SET quantity = 2 WHERE order_id = 2", "product 1"),
    "stock_sold": (7, "UPDATE reservations SET quantity = 2 WHERE order_id = 1", "product 1"),
    "held_for_nothing": (7, "UPDATE reservations SET state = 'held' WHERE order_id = 8", "order 8"),
    "keys_shelf": (7, "UPDATE card_keys SET state = 'void' WHERE id = 6", "product 1"),
    "keys_held": (7, "UPDATE card_keys SET state = 'free', order_id = NULL WHERE order_id = 2", "order 2"),
    "key_owner": (7, "UPDATE card_keys SET order_id = 7 WHERE order_id = 2", "order 7"),
    "key_twice": (
        7,
        "INSERT INTO card_keys (product_id, secret, fingerprint, state, order_id, added_at, changed_at) "
        "SELECT 2, secret, fingerprint, 'sold', 5, added_at, changed_at FROM card_keys WHERE order_id = 1",
        "for orders 1 and 5",
    ),
    "number_over": (7, _NUMBER.format(order=1), "order 1 is succeeded"),
    "number_lost": (7, _NUMBER.format(order=2), "order 2, which has none"),
    "order_life": (5, "UPDATE orders SET state = 'completed' WHERE id = 1", "order 1 is completed"),
    "order_unborn": (5, "DELETE FROM history WHERE machine = 'order' AND entity_id = 2", "order 2"),
    "fulfilment_life": (5, "UPDATE fulfilments SET state = 'manual' WHERE order_id = 2", "order 2 is manual"),
    "fulfilment_unborn": (5, "DELETE FROM history WHERE machine = 'fulfilment' AND entity_id = 2", "order 2"),
    "life_broken": (5, "UPDATE history SET before = 'manual' WHERE entity_id = 3 AND after = 'executing'", "starts at"),
    "shipping_closed": (5, "UPDATE orders SET state = 'shipped' WHERE id = 3", "order 3 is shipped"),
    "scheduled_closed": (5, "UPDATE orders SET state = 'cancelled' WHERE id = 2", "order 2 is cancelled"),
    "steps": (5, "UPDATE history SET event = 'succeed' WHERE event = 'due'", "by succeed"),
    "paid_forgotten": (1, "DELETE FROM fulfilments WHERE order_id = 7", "order 7 is paid"),
    "executing_alone": (3, "UPDATE outbox SET state = 'cancelled' WHERE order_id = 3", "order 3 is executing"),
    "unknown_alone": (3, "UPDATE outbox SET state = 'failed' WHERE order_id = 4 AND state = 'unknown'", "order 4"),
    "shipped_unread": (4, "UPDATE orders SET paid_at = NULL WHERE id = 1", "the order is not paid"),
    "shipped_twice": (
        2,
        "INSERT INTO outbox (account_id, kind, key, order_id, state, due_at, created_at) "
        "SELECT account_id, kind, key || '-again', order_id, state, due_at, created_at FROM outbox "
        "WHERE order_id = 1 AND kind = 'consign'",
        "the consign of order 1",
    ),
    "said_twice": (
        2,
        "INSERT INTO messages (chat_id, sender, kind, text, sent_at, stored_at, outbox_id) "
        "SELECT chat_id, sender, kind, text, sent_at, stored_at, outbox_id FROM messages WHERE outbox_id IS NOT NULL",
        "are both outbox",
    ),
    "heard_twice": (2, "UPDATE messages SET pnm_id = 'p1' WHERE pnm_id = 'p2'", "the same message"),
    "approval_alone": (9, "UPDATE fulfilments SET state = 'manual' WHERE order_id = 5", "is manual"),
    "unasked": (9, "UPDATE approvals SET state = 'withdrawn' WHERE order_id = 5", "order 5"),
    "approved_by_nobody": (9, "UPDATE approvals SET decided_by = 'shop' WHERE state = 'approved'", "by shop"),
    "unrecorded": (8, "DELETE FROM acts WHERE entity = 'order'", "no act says"),
    "approval_overdue": (9, f"UPDATE approvals SET expires_at = expires_at - 3 * {HOUR} WHERE order_id = 5", "order 5"),
    "keep_overdue": (12, f"UPDATE keeps SET expires_at = expires_at - {HOUR} WHERE state = 'kept'", "keep 1"),
    "outbox_late": (12, f"UPDATE outbox SET due_at = due_at - {HOUR} WHERE order_id = 3", "is past due"),
    "outbox_held": (
        12,
        f"UPDATE outbox SET state = 'claimed', lease_until = due_at - {HOUR} WHERE order_id = 3",
        "its lease ran out",
    ),
    "outbox_dead_end": (
        12,
        "UPDATE outbox SET state = 'refused' WHERE order_id = 4 AND kind = 'deliver'",
        "which is refused",
    ),
    "shipment_late": (12, f"UPDATE fulfilments SET due_at = due_at - {HOUR} WHERE order_id = 2", "order 2"),
    "inbox_late": (
        1,
        "INSERT INTO inbox (source, key, kind, state, received_at) "
        f"SELECT 'market', 'k1', 'order', 'waiting', at - {HOUR} FROM heartbeat",
        "is not acted on",
    ),
    "notice_late": (10, f"UPDATE notices SET due_at = due_at - {HOUR} WHERE urgency = 'urgent'", "nobody tried"),
    "hours": (
        7,
        "INSERT INTO hourly (day, hour, name, value) VALUES ('2026-11-20', 3, 'orders', 1), ('2026-11-21', 3, 'orders', 1)",
        "2026-11-21: orders is 10, its hours sum up to 11",
    ),
    "days": (7, "UPDATE daily SET value = value + 1 WHERE name = 'orders'", "orders is 11"),
    "totals": (7, "UPDATE daily SET value = value - 1 WHERE name = 'revenue_fen'", "revenue_fen is"),
}
"""Check → the law it must name, the statement that breaks its row, and what its words must hold."""

WHOLE_ONLY = {check.name for check in books.CHECKS if check.whole} | {"days", "totals"}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    try:
        await opened.write(living.live)
        yield opened
    finally:
        await opened.close()


def break_row(store: Store, statement: str) -> None:
    """What no move would do: a change around every guard of the schema."""
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("DROP TRIGGER IF EXISTS acts_not_deleted")
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()


def find(found: list[Finding], check: str) -> Finding | None:
    return next((finding for finding in found if finding.check == check), None)


async def test_a_healthy_file_is_right_whole_and_light(store: Store) -> None:
    assert books.check_file(store.path, room.ZONE) == []
    assert await books.check(store.flows, room.NOW + timedelta(minutes=5)) == []


@pytest.mark.parametrize("check", BROKEN)
async def test_a_broken_row_is_named_with_its_law(store: Store, check: str) -> None:
    law, statement, words = BROKEN[check]
    break_row(store, statement)
    found = find(books.check_file(store.path, room.ZONE), check)
    assert found is not None
    assert found.law == law
    assert words in found.row


@pytest.mark.parametrize("check", sorted(BROKEN.keys() - WHOLE_ONLY))
async def test_the_light_check_of_a_running_shop_names_it_too(store: Store, check: str) -> None:
    law, statement, words = BROKEN[check]
    break_row(store, statement)
    found = find(await books.check(store.flows, room.NOW + timedelta(minutes=5)), check)
    assert found is not None
    assert found.law == law
    assert words in found.row


def test_every_check_has_its_broken_row() -> None:
    assert {check.name for check in books.CHECKS} | {"steps", "days", "totals"} == BROKEN.keys()


async def test_a_torn_page_is_named_by_the_integrity_check(store: Store) -> None:
    await store.close()
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_product'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with store.path.open("r+b") as file:
        file.seek((page - 1) * size + size - 64)
        file.write(b"\xff" * 64)
    verdict = verify(store.path.parent, room.ZONE)
    assert [(finding.law, finding.check) for finding in verdict.findings] == [(1, "integrity")]


def test_a_file_that_is_no_database_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_bytes(b"no database at all" * 400)
    assert [finding.check for finding in verify(tmp_path, room.ZONE).findings] == ["integrity"]


async def test_nothing_is_late_while_nobody_is_there(store: Store) -> None:
    break_row(store, f"UPDATE outbox SET due_at = due_at - {HOUR} WHERE order_id = 3")
    break_row(store, f"UPDATE heartbeat SET at = at - 2 * {HOUR}, started_at = started_at - 2 * {HOUR}")
    assert books.check_file(store.path, room.ZONE) == []


async def test_nothing_is_late_while_the_account_is_away_or_the_shop_is_paused(store: Store) -> None:
    break_row(store, f"UPDATE outbox SET due_at = due_at - {HOUR} WHERE order_id = 3")
    break_row(store, "INSERT INTO pauses (scope, by, at) VALUES ('all', 'x', 0)")
    assert books.check_file(store.path, room.ZONE) == []
    break_row(store, "UPDATE pauses SET ended_at = 1")
    assert find(books.check_file(store.path, room.ZONE), "outbox_late") is not None
    break_row(store, "UPDATE accounts SET state = 'login_expired'")
    assert books.check_file(store.path, room.ZONE) == []


async def test_verify_counts_what_it_looked_at_and_only_reads(store: Store) -> None:
    before = store.path.read_bytes()
    verdict = verify(store.path.parent, room.ZONE)
    assert verdict.is_right
    assert verdict.rows["orders"] == 10
    assert verdict.rows["keys"] == 6
    assert store.path.read_bytes() == before


def test_verify_of_a_folder_without_a_shop_says_so_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no shop"):
        verify(tmp_path, room.ZONE)
    assert list(tmp_path.iterdir()) == []


async def test_a_finding_is_kept_and_told_once_and_struck_out_when_it_is_right_again(store: Store) -> None:
    wrong = [Finding(law=7, check="stock_sum", row="product 2: wrong")]
    new = [
        await store.write(lambda tx, found=found: keep_findings(tx, room.cause(), found)) for found in (wrong, wrong)
    ]
    told = await store.people.all("notices.due", now=room.cause(1).now_ms, most=100)
    await store.write(lambda tx: keep_findings(tx, room.cause(), []))
    assert new == [1, 0]
    assert [row["kind"] for row in told].count("books_wrong") == 1
    assert await store.people.all("findings.open") == []
