"""A file that cannot be written: said, nothing acknowledged that was not stored, everything taken up afterwards."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.steps import Steps
from core.store.db import FILE
from tests.flow.shop import Day

NO_PAGES_LEFT = {"test.full": "PRAGMA max_page_count = 1", "test.room": "PRAGMA max_page_count = 1000000"}
"""The limit applies to the writer's connection alone, as a full disk would to its file."""


IMPATIENT = {"test.impatient": "PRAGMA busy_timeout = 50"}


async def be_impatient(day: Day) -> None:
    """The writer waits for a lock for a moment only, instead of five seconds."""
    await day.shop.work.store.write(lambda tx: tx.all("test.impatient"))


async def fill_disk(day: Day) -> None:
    await day.shop.work.store.write(lambda tx: tx.all("test.full"))


async def make_room(day: Day) -> None:
    await day.shop.work.store.write(lambda tx: tx.all("test.room"))


@contextmanager
def locked(day: Day) -> Iterator[None]:
    """Another program holds the file's write lock."""
    other = sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def until_full(day: Day) -> None:
    """The file is filled to its last page."""
    await fill_disk(day)

    def grow(tx: object) -> None:
        for n in range(4000):
            tx.run("rooms.bind", chat=f"{n}-{'x' * 400}", kind="group", title="", now=0)  # type: ignore[attr-defined]

    for _ in range(3):
        with pytest.raises(Exception, match="full"):
            await day.shop.work.store.write(grow)


@pytest.mark.day(replaced=NO_PAGES_LEFT, errors=True)
async def test_with_a_full_disk_nothing_is_acknowledged_and_afterwards_nothing_is_missing(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await day.quiet()
    acked = day.world.lines.acked
    await until_full(day)
    said = await buyer.says(item, "在吗" + "很" * 2000)
    trade = await buyer.pays(item)
    await asyncio.sleep(0.4)
    stored = await day.one("SELECT count(*) FROM inbox WHERE kind IN ('chat_text', 'order')")
    if not stored:
        assert day.world.lines.acked == acked
    assert day.record("sent") == []
    await make_room(day)
    await day.until_shipping(trade, "succeeded")
    await day.until(lambda: len(day.record("sent", chat_id=said["chat_id"])) == 2)
    assert await day.one("SELECT count(*) FROM inbox WHERE state = 'quarantined'") == 0


@pytest.mark.day(errors=True, replaced=IMPATIENT)
async def test_with_a_locked_file_nothing_is_acknowledged_and_afterwards_nothing_is_missing(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await be_impatient(day)
    await day.quiet()
    with locked(day):
        acked = day.world.lines.acked
        await buyer.says(item, "在吗")
        trade = await buyer.pays(item)
        await asyncio.sleep(0.5)
        assert day.world.lines.acked == acked
        assert await day.order_id(trade) is None
    await day.until_shipping(trade, "succeeded")
    await day.until(lambda: len(day.texts_to(trade)) == 2)
    assert await day.one("SELECT count(*) FROM inbox WHERE state = 'quarantined'") == 0


class LockAt:
    """Takes the file's write lock the first time a step is reached, as a backup program might."""

    def __init__(self, step: Steps) -> None:
        self._step = step
        self.file: Path | None = None
        self.held: sqlite3.Connection | None = None

    def reached(self, step: Steps) -> None:
        if step is self._step and self.file is not None and self.held is None:
            self.held = sqlite3.connect(self.file, isolation_level=None)
            self.held.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        assert self.held is not None
        self.held.execute("ROLLBACK")
        self.held.close()


@pytest.mark.day(errors=True, opened=False, replaced=IMPATIENT)
@pytest.mark.parametrize("step", [Steps.deliver_done_unnoted, Steps.consign_done_unnoted, Steps.confirm_done_unnoted])
async def test_a_result_that_could_not_be_written_is_asked_about_and_nothing_goes_out_twice(
    day: Day, step: Steps
) -> None:
    lock = LockAt(step)
    await day.open(steps=lock)
    await be_impatient(day)
    item = await day.card()
    lock.file = day.folder / "data" / FILE
    trade = await (await day.buyer()).pays(item)
    await day.until(lambda: lock.held, "the lock")
    await asyncio.sleep(0.3)
    lock.let_go()
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    assert len(day.record("shipped", order_id=trade.order_no)) == 1


@pytest.mark.day(errors=True)
async def test_a_result_that_a_bug_keeps_from_being_written_is_no_claim_for_ever(day: Day) -> None:
    item = await day.card()
    other = sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)
    other.execute(
        "CREATE TRIGGER bug BEFORE UPDATE ON outbox WHEN NEW.state = 'done' AND NEW.kind = 'deliver' "
        "BEGIN SELECT RAISE(ABORT, 'a bug'); END"
    )
    trade = await (await day.buyer()).pays(item)
    await day.until(lambda: day.texts_to(trade))
    await day.until(lambda: _is_asking(day), "the question")
    other.execute("DROP TRIGGER bug")
    other.close()
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def _is_asking(day: Day) -> bool:
    return bool(await day.one("SELECT count(*) FROM outbox WHERE kind = 'deliver' AND asked > 0"))


@pytest.mark.day(errors=True, opened=False, replaced=IMPATIENT, model=True)
async def test_while_nothing_can_be_written_the_model_is_not_asked_over_and_over(day: Day) -> None:
    """Every question costs money, and none of the answers could leave."""
    lock = LockAt(Steps.answer_before_model)
    await day.open(steps=lock)
    await be_impatient(day)
    item = await day.card(facts="充值卡，当天有效")
    lock.file = day.folder / "data" / FILE
    said = await (await day.buyer()).says(item, "这个和别家的有什么区别，支持老系统吗")
    await day.until(lambda: lock.held, "the lock")
    await asyncio.sleep(1.5)
    asked = day.world.model.asked
    lock.let_go()
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))
    assert asked <= 2  # to sort it, and to answer it
    assert len(day.record("sent", chat_id=said["chat_id"])) == 1
