"""A bug in one loop never stops another; what could not be told stays and is told later (laws 10 and 12)."""

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest

from core.flows.watch import Watch
from core.rules.guard import GuardFacts, Verdict
from core.steps import Steps
from core.store.db import FILE
from tests.flow.shop import Day
from tests.flow.test_storage import IMPATIENT, LockAt, be_impatient


def broken(text: str, facts: GuardFacts) -> Verdict:
    raise RuntimeError("a bug in the guard")


class BrokenWatch(Watch):
    """A loop that has a bug."""

    async def step(self) -> bool:
        raise RuntimeError("a bug in a loop")


@pytest.mark.day(opened=False, errors=True)
async def test_a_loop_with_a_bug_stands_in_health_and_the_others_go_on(day: Day) -> None:
    await day.build()
    day.shop.watch = BrokenWatch(day.shop.work)
    await day.shop.start()
    await day.until_online()
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")

    async def shown() -> bool:
        return "RuntimeError" in (await day.engine.health.show()).children.get("watch", "")

    await day.until(shown)
    assert day.shop._supervisor.states["ship"] == "ok"


@pytest.mark.day(errors=True, judge=broken)
async def test_a_bug_in_one_answer_puts_that_chat_off_and_ships_the_orders(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    said = await buyer.says(item, "在吗")
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    assert day.shop._supervisor.states["answer"] == "ok"
    day.shop.answer._work = day.shop.deliver._work = day.shop.work
    await day.later(seconds=40)
    await day.until(lambda: len(day.record("sent", chat_id=said["chat_id"])) == 2)


async def test_what_the_owners_chat_did_not_take_is_told_when_it_is_back(day: Day) -> None:
    day.owner.down = True
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.later(minutes=1)
    await asyncio.sleep(0.1)
    await day.later(minutes=2)

    async def waiting() -> bool:
        return (await day.engine.health.show()).notice_backlog > 0

    await day.until(waiting)
    day.owner.down = False
    await day.later(minutes=3)
    await day.until_told("order_manual")
    assert len(day.owner.told("order_manual")) == 1


class LockAtTell:
    """The file is locked in the moment after a notice was shown."""

    def __init__(self) -> None:
        self.armed = False
        self.file = ""
        self.held: sqlite3.Connection | None = None

    def reached(self, step: Steps) -> None:
        if self.armed and step is Steps.tell_shown_unnoted:
            self.armed = False
            self.held = sqlite3.connect(self.file, isolation_level=None)
            self.held.execute("BEGIN IMMEDIATE")


@pytest.mark.day(opened=False, errors=True, replaced={"test.impatient": "PRAGMA busy_timeout = 50"})
async def test_a_notice_whose_showing_could_not_be_written_comes_again_marked_so(day: Day) -> None:
    lock = LockAtTell()
    await day.open(steps=lock)
    await day.shop.work.store.write(lambda tx: tx.all("test.impatient"))
    await day.until_told("ready")
    await day.quiet()
    lock.file, lock.armed = str(day.folder / "data" / FILE), True
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until(lambda: lock.held)
    await asyncio.sleep(0.2)
    assert lock.held is not None
    lock.held.execute("ROLLBACK")
    lock.held.close()
    await day.until_shipping(trade, "manual")
    await day.until(lambda: len(day.owner.told("order_manual")) == 2, "the notice again")
    first, second = day.owner.told("order_manual")
    assert not first.maybe_again
    assert second.maybe_again

    async def finished() -> bool:
        return not await day.one("SELECT count(*) FROM notices WHERE state IN ('waiting', 'claimed')")

    await day.until(finished)


async def test_a_shop_that_stops_finishes_what_is_under_way(day: Day) -> None:
    await day.world.control.fault("delay", probability=1, on="echo", by_s=0.05)
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.texts_to(trade))
    await day.close()
    await day.open()
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_the_standing_check_names_the_first_wrong_row_and_strikes_it_out_again(day: Day) -> None:
    item = await day.card(stock="5")
    product = await day.product(item)
    other = sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)
    other.execute("UPDATE products SET free = free + 1 WHERE id = ?", (product,))
    await day.later(minutes=6)
    notice = await day.until_told("books_wrong")
    assert f"product {product}" in notice.detail
    other.execute("UPDATE products SET free = free - 1 WHERE id = ?", (product,))
    other.close()
    await day.later(minutes=6)

    async def right() -> bool:
        return (await day.engine.health.show()).books == "ok"

    await day.until(right)


async def test_old_payloads_are_dropped_and_their_keys_stay(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await buyer.says(item, "在吗")
    await day.until(lambda: day.record("sent"))
    await day.quiet()
    keys = await day.one("SELECT count(*) FROM inbox")
    await day.later(days=31)

    async def dropped() -> bool:
        return not await day.one("SELECT count(*) FROM payloads")

    await day.until(dropped)
    assert await day.one("SELECT count(*) FROM inbox") == keys


async def test_a_shop_whose_loop_stood_still_says_so_in_health(day: Day) -> None:
    time.sleep(1.3)

    async def shown() -> bool:
        stall = (await day.engine.health.show()).stall
        return stall is not None and stall.length_s > 1

    await day.until(shown)


@pytest.mark.day(errors=True, opened=False, replaced=IMPATIENT)
async def test_a_record_that_could_not_even_be_set_aside_is_set_aside_when_the_file_can_be_written(day: Day) -> None:
    lock = LockAt(Steps.decide_moved)
    await day.open(steps=lock)
    await be_impatient(day)
    item, file = await day.card(), day.folder / "data" / FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TRIGGER bug BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'a bug'); END")
    await day.quiet()
    lock.file = file
    await (await day.buyer()).says(item, "在吗")
    await day.until(lambda: lock.held, "the lock")
    await asyncio.sleep(0.4)
    lock.let_go()
    await day.until_told("quarantined")


async def test_a_notice_of_a_version_that_was_taken_back_holds_up_no_other(day: Day) -> None:
    with closing(sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)) as other:
        other.execute(
            "INSERT INTO notices (kind, urgency, entity, entity_id, version, key, state, due_at, created_at, priority) "
            "VALUES ('of_tomorrow', 'urgent', 'order', 1, 1, 'of_tomorrow:1', 'waiting', 0, 0, 0)"
        )
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.until_told("order_manual")
    assert await day.one("SELECT outcome FROM notices WHERE kind = 'of_tomorrow'") == "gone"

    async def is_logged() -> bool:
        return "order_manual" in [one.kind for one in await day.engine.telling.log()]

    await day.until(is_logged, "its line in the log")


@pytest.mark.day(errors=True, replaced={"approvals.due": "SELECT nothing FROM nowhere"})
async def test_a_bug_in_one_look_of_the_watch_keeps_no_other_waiting(day: Day) -> None:
    """The questions to the owner cannot be read; the reminders and the standing check go on."""
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.later(hours=3)
    await day.until_told("manual_reminder")
    await day.until(lambda: day.shop.watch.books_checked_at, "the standing check")


async def test_a_clock_that_is_put_back_stops_neither_texts_nor_catching_up(day: Day) -> None:
    await day.later(hours=3)
    first = await (await day.buyer("甲")).pays(await day.card())
    await day.until_shipping(first, "succeeded")
    await day.quiet()
    day.clock.put_forward(timedelta(hours=-2))
    checked = day.shop.watch.books_checked_at
    second = await (await day.buyer("乙")).pays(await day.card())
    await day.until_shipping(second, "succeeded")
    await day.world.control.fault("drop", probability=1)
    third = await (await day.buyer("丙")).pays(await day.card())
    day.wake()
    await day.until_shipping(third, "succeeded")
    await day.in_time(lambda: day.shop.watch.books_checked_at != checked, "a check of the books", minutes=20)
