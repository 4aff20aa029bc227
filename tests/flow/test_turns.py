"""An account's writes when more is due than it may write: buyers who talk and orders that were paid take turns."""

import pytest

from core.clock import from_ms, to_ms
from core.moves import outbox
from core.store import queries
from core.store.db import Tx
from core.store.outbox import list_due
from core.values.effects import EffectKind
from tests import stockroom as room
from tests.flow.shop import Day

PACE = {"limits.writes_per_s": 0.3, "limits.writes_per_minute": 60, "replies.debounce_s": 0}
"""One write in three seconds of shop time, twenty a second of ours."""
OPEN = PACE | {"limits.workers": 64}
"""The same, with all that is due at the door at once."""
BY_AGE = queries.load()["outbox.due_acts"].replace(
    "o.kind = 'answer' AND o.key NOT GLOB 'template:*' AS words", "0 AS words"
)
"""One line for all, oldest first: as it was."""


async def pay(day: Day, orders: int) -> None:
    item = await day.card()
    for n in range(orders):
        await (await day.buyer(f"买{n}")).pays(item)


async def talk(day: Day, talkers: int) -> None:
    item = await day.item()
    for n in range(talkers):
        await (await day.buyer(f"问{n}")).says(item, "你好")


async def writes(day: Day, goods: int, words: int) -> str:
    """What went out, one letter each, in its order: g for an order's text or ship call, w for an answer."""

    def so_far() -> str:
        entries = [entry for entry in day.world.market.record.entries if entry["kind"] in ("sent", "shipped")]
        return "".join("g" if e["kind"] == "shipped" or "8888" in e["text"] else "w" for e in entries)

    await day.until(lambda: (so_far().count("g"), so_far().count("w")) == (goods, words), "all of it", 40)
    return so_far()


async def away_then_asked(day: Day) -> str:
    """Orders that waited for hours are to be shipped all at once; then buyers ask."""
    await day.engine.pauses.pause(day.actor(), "all", None, None)
    await pay(day, 20)
    await day.quiet()
    await day.engine.pauses.resume(day.actor())
    planned = "SELECT count(*) = 20 FROM outbox WHERE kind = 'deliver'"
    await day.until(lambda: day.one(planned), "all goods at the door")
    await talk(day, 5)
    return await writes(day, 40, 5)


async def asked_then_paid(day: Day) -> str:
    """Buyers ask all at once; then orders are paid."""
    await day.engine.pauses.pause(day.actor(), "all", None, None)
    await talk(day, 20)
    await day.quiet()
    await day.engine.pauses.resume(day.actor())
    await day.until(lambda: day.record("sent"), "the first answer")
    await pay(day, 3)
    return await writes(day, 6, 20)


@pytest.mark.day(settings=OPEN)
async def test_buyers_are_answered_while_the_goods_of_hours_go_out(day: Day) -> None:
    went = await away_then_asked(day)
    first, last = went.index("w"), went.rindex("w")
    assert went[first:last].count("g") <= 2 * 5, went
    assert went[last:].count("g") >= 10, went


@pytest.mark.day(settings=PACE)
async def test_what_was_paid_goes_out_while_everybody_talks(day: Day) -> None:
    went = await asked_then_paid(day)
    assert went[went.rindex("g") :].count("w") >= 4, went


@pytest.mark.day(settings=OPEN, replaced={"outbox.due_acts": BY_AGE})
async def test_by_age_alone_the_buyers_wait_behind_all_the_goods(day: Day) -> None:
    """The control."""
    went = await away_then_asked(day)
    assert went[went.index("w") :].count("g") <= 5, went


@pytest.mark.day(settings=PACE, replaced={"outbox.due_acts": BY_AGE})
async def test_by_age_alone_the_goods_wait_behind_all_the_talk(day: Day) -> None:
    """The control of the second test."""
    went = await asked_then_paid(day)
    assert went[went.rindex("g") :].count("w") <= 1, went


# -- the pace itself


async def first_minute_s(day: Day) -> float:
    """How long, in seconds of shop time, thirty-one writes took: texts over the socket and ship calls together."""
    await day.engine.pauses.pause(day.actor(), "all", None, None)
    await pay(day, 16)
    await day.quiet()
    await day.engine.pauses.resume(day.actor())
    await writes(day, 32, 0)
    at = sorted(e["at"] for e in day.world.market.record.entries if e["kind"] in ("sent", "shipped"))
    return float(at[30] - at[0]) / 1000


@pytest.mark.day(speed=10)
async def test_an_account_writes_thirty_times_a_minute_and_no_more(day: Day) -> None:
    assert await first_minute_s(day) > 55


@pytest.mark.day(speed=10, settings={"limits.writes_per_s": 1000, "limits.writes_per_minute": 60000})
async def test_without_the_pace_it_writes_as_fast_as_it_can(day: Day) -> None:
    """The control."""
    assert await first_minute_s(day) < 45


# -- a record is read just before its goods go


async def read_ahead(day: Day) -> int:
    """How many orders' records were read, of 20, when the goods of four were out."""
    await day.engine.pauses.pause(day.actor(), "all", None, None)
    await pay(day, 20)
    await day.quiet()
    await day.engine.pauses.resume(day.actor())
    await day.until(lambda: len(day.record("sent")) >= 4, "four texts")
    return int(await day.one("SELECT count(*) FROM outbox WHERE kind = 'confirm' AND state = 'done'"))


@pytest.mark.day(settings=PACE)
async def test_of_a_backlog_no_more_records_are_read_than_goods_go_out_soon(day: Day) -> None:
    assert 4 <= await read_ahead(day) <= 12
    assert await writes(day, 40, 0)


@pytest.mark.day(settings=OPEN)
async def test_with_the_door_wide_open_all_are_read_at_once_and_again_before_they_go(day: Day) -> None:
    """The control."""
    assert await read_ahead(day) == 20


@pytest.mark.day(opened=False, right=False)
@pytest.mark.parametrize("many", ["say:x:{}", "template:held:{}"])
async def test_neither_line_hides_the_other_however_long_it_is(day: Day, many: str) -> None:
    """Six hundred of one kind are due before three of the other."""
    await day.build()
    now_ms = to_ms(day.clock.now())
    few = "template:held:few{}" if many.startswith("say") else "say:few:{}"

    def work(tx: Tx) -> None:
        tx.run("accounts.connected", id=1, user_id="2200000000001", now=now_ms, platform_now=now_ms)
        for n in range(600):
            outbox.add(tx, room.cause(), EffectKind.answer, 1, many.format(n), body="x", due_at=from_ms(now_ms - 9000))
        for n in range(3):
            outbox.add(tx, room.cause(), EffectKind.answer, 1, few.format(n), body="x", due_at=from_ms(now_ms - 1000))

    await day.shop.work.store.write(work)
    due = await list_due(day.shop.work.store.flows, now_ms, 500, 0)
    lines = sorted(sum(one.words is words for one in due) for words in (True, False))
    assert lines == [3, 500]
