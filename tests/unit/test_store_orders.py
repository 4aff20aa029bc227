"""Looking at orders: by number, in lists, whole; what waits for a person; the day's numbers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import BadArgument, NotFound, Refused
from core.moves import pauses
from core.store.db import Store
from tests import living
from tests import stockroom as room


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    try:
        await opened.write(living.live)
        yield opened
    finally:
        await opened.close()


@pytest.fixture
def engine(store: Store) -> Engine:
    return Engine(Shop(store, Settings(Config()), ManualClock(room.NOW + timedelta(minutes=1)), room.ZONE))


@pytest.mark.parametrize("word", ["#5", "5", "＃5", " # 5 ", "3000000000000000005", "0005"])
async def test_an_order_is_found_by_its_numbers(engine: Engine, word: str) -> None:
    assert await engine.orders.find(word) == 5


@pytest.mark.parametrize("word", ["#11", "11", "0099", "", "#", "abc", "#0005x", "9" * 60])
async def test_no_order_is_guessed(engine: Engine, word: str) -> None:
    with pytest.raises(NotFound, match="no_such_order"):
        await engine.orders.find(word)


async def test_last_digits_that_fit_two_orders_are_refused(engine: Engine, store: Store) -> None:
    twin = room.record(5, "i2").model_copy(update={"order_no": "4000000000000000005"})
    await store.write(lambda tx: room.learn(tx, 1, twin))
    with pytest.raises(Refused, match="ambiguous_order"):
        await engine.orders.find("00005")


FILTERED = {
    "all": [10, 9, 8, 7, 6, 5, 4, 3],
    "today": [10, 9, 8, 7, 6, 5, 4, 3],
    "unpaid": [10],
    "toship": [7, 6, 5, 4, 3, 2],
    "risk": [5],
    "manual": [7],
    "unknown": [4],
    "held": [9],
    "failed": [],
    "short": [],
}


@pytest.mark.parametrize("chosen", FILTERED)
async def test_a_list_shows_its_filter_newest_first(engine: Engine, chosen: str) -> None:
    page = await engine.orders.list(chosen)
    assert [row.order.id for row in page.rows] == FILTERED[chosen]
    assert page.more == (chosen in ("all", "today"))


async def test_the_next_page_goes_on_where_the_last_ended(engine: Engine) -> None:
    page = await engine.orders.list("all", before=3)
    assert ([row.order.id for row in page.rows], page.more) == ([2, 1], False)


async def test_a_list_counts_what_is_open(engine: Engine) -> None:
    counts = (await engine.orders.list("failed")).counts
    assert counts == {
        "pending_payment": 1,
        "pending_ship": 6,
        "refunding": 1,
        "risk": 1,
        "executing": 1,
        "manual": 1,
        "held": 1,
        "unknown": 1,
    }


@pytest.mark.parametrize(("text", "ids"), [("买家7", [7]), ("商品 i1", [3, 2, 1]), ("0000004", [4]), ("100%", [])])
async def test_a_list_is_searched_by_buyer_title_and_number(engine: Engine, text: str, ids: list[int]) -> None:
    assert [row.order.id for row in (await engine.orders.list("all", text)).rows] == ids


async def test_an_unknown_filter_says_what_is_allowed(engine: Engine) -> None:
    with pytest.raises(BadArgument, match="toship"):
        await engine.orders.list("lost")


async def test_one_order_is_shown_whole(engine: Engine) -> None:
    view = await engine.orders.show(living.SHIPPED)
    assert view.version == 2 + 3
    assert view.product is not None
    assert view.buyer_first
    steps = [(step.machine, step.after) for step in view.history]
    assert steps[0] == ("order", "pending_ship")
    assert set(steps[-2:]) == {("fulfilment", "succeeded"), ("order", "shipped")}


async def test_a_doubtful_order_shows_its_evidence_and_a_refund_its_amount(engine: Engine) -> None:
    assert "no answer" in (await engine.orders.show(living.DOUBTFUL)).evidence
    assert (await engine.orders.show(living.REFUNDING)).refund.amount_fen == 5000


async def test_a_due_shipment_says_why_it_is_not_taken(engine: Engine, store: Store) -> None:
    async def waiting() -> str | None:
        return (await engine.orders.show(living.PLANNED)).waiting

    assert await waiting() is None
    await engine.pauses.pause(room.owner("w1"), pauses.PRODUCT, 1, None)
    assert await waiting() == "paused"
    await engine.pauses.stop_all(room.owner("w2"))
    assert await waiting() == "stopped"
    await engine.pauses.resume_all(room.owner("w3"))
    [product] = (await engine.pauses.show()).pauses
    await engine.pauses.resume(room.owner("w4"), product.id)
    expired = {"id": 1, "state": "login_expired", "reason": "", "now": 0}
    await store.write(lambda tx: tx.run("accounts.set_state", **expired))
    assert await waiting() == "account"


async def test_what_waits_for_a_person_stands_oldest_first_with_its_deadline(engine: Engine, store: Store) -> None:
    waiting = await engine.pending.list()
    kinds = {row.order.id: row.kind for row in waiting if row.order}
    assert kinds == {5: "awaiting_approval", 7: "manual", 9: "held", 4: "unknown"}
    asked = next(row for row in waiting if row.kind == "awaiting_approval")
    assert asked.deadline_at == room.NOW + timedelta(minutes=60)
    manual = next(row for row in waiting if row.kind == "manual")
    assert manual.deadline_at == room.NOW - timedelta(minutes=1) + timedelta(hours=24)
    assert [row.since_at for row in waiting] == sorted(row.since_at for row in waiting)


async def test_an_account_and_a_conversation_that_need_a_person_wait_too(engine: Engine, store: Store) -> None:
    challenged = {"id": 1, "state": "challenged", "reason": "RGV587", "now": room.cause().now_ms}
    until = room.cause(20).now_ms
    await store.write(lambda tx: tx.run("accounts.set_state", **challenged))
    await store.write(lambda tx: tx.run("chats.take_over", id=1, until=until, by="老板"))
    rows = {row.kind: row for row in await engine.pending.list()}
    assert (rows["challenged"].account, rows["challenged"].reason) == ("小店", "RGV587")
    assert rows["chat"].chat_id == 1


async def test_the_numbers_are_of_whole_shop_days(engine: Engine, store: Store) -> None:
    today = await engine.stats.numbers(1)
    assert (today.orders, today.paid, today.cancelled, today.refunds, today.shipped_auto) == (10, 9, 1, 1, 1)
    assert (today.since.isoformat(), today.until.isoformat()) == ("2026-11-21", "2026-11-21")
    assert (today.messages, today.answers_by_rule, today.approvals_asked, today.approved) == (2, 1, 2, 1)
    await store.write(lambda tx: room.learn(tx, 1, room.record(99, "i2"), minutes=-24 * 60))
    assert (await engine.stats.numbers(1)).orders == 10
    assert (await engine.stats.numbers(7)).orders == 11


async def test_no_order_is_not_shown(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no_such_order"):
        await engine.orders.show(4711)
