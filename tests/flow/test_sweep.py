"""What nobody asks about any more goes after its days; numbers, books, audit and history stay as they are."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.engine.actions import NewAction
from core.errors import Refused
from core.flows.sweep import GROUP, Sweep
from core.store import queries
from tests.flow.shop import Day, open_day

NEVER = ("orders", "history", "acts", "ledger", "messages", "daily", "inbox", "buyers")
"""Tables from which no row may ever go."""
COUNTS = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in NEVER)


async def busy_day(day: Day) -> None:
    """A sale, a question to the owner with its buttons, an act, and notices that were told."""
    item, buyer = await day.card(), await day.buyer()
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    order = await day.order_id(trade)
    await day.engine.actions.keep("ship #1", "order", order, 1, "terminal", expires_s=3600)
    await day.engine.actions.keep("ship #1", "order", order, 1, "terminal")
    await day.quiet()


async def left(day: Day) -> dict[str, Any]:
    """How much of each thing that may go is there."""
    asked = {
        "actions": "SELECT count(*) FROM actions",
        "notices": "SELECT count(*) FROM notices WHERE state = 'done' AND kind != 'ready'",
        "bodies": "SELECT count(*) FROM outbox WHERE body IS NOT NULL AND state = 'done'",
        "raw": "SELECT count(*) FROM payloads",
        "hours": "SELECT count(DISTINCT day) FROM hourly",
    }
    return {name: await day.one(sql) for name, sql in asked.items()}


async def swept(day: Day) -> None:
    """Until the sweep finds nothing any more."""
    await day.until(lambda: day.shop.watch._sweep._next_at > day.clock.now(), "the sweep")


async def kept_rows(day: Day) -> list[tuple[str, int]]:
    return [tuple(row) for row in await day.rows(COUNTS)]


async def test_what_is_old_goes_and_what_counts_stays(tmp_path: Path):
    async with open_day(tmp_path) as day:
        await busy_day(day)
        before, numbers, rows = await left(day), await of_daily(day), await kept_rows(day)
        assert min(before.values()) > 0, before
        await day.later(days=31)
        await swept(day)
        after = await left(day)
        assert (after["actions"], after["bodies"], after["raw"]) == (1, 0, 0)
        assert (after["notices"] >= before["notices"], after["hours"] >= before["hours"]) == (True, True)
        await day.later(days=61)
        await swept(day)
        assert await day.one("SELECT count(*) FROM hourly WHERE day = ?", numbers[0][0]) == 0
        assert await day.one("SELECT count(*) FROM notices WHERE kind LIKE 'order%' AND state = 'done'") == 0
        assert set(numbers) <= set(await of_daily(day)), "each day's own numbers stay"
        assert all(now >= then for then, now in zip(rows, await kept_rows(day), strict=True))


async def of_daily(day: Day) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await day.rows("SELECT day, name, value FROM daily ORDER BY day, name")]


async def test_young_rows_stay_where_they_are(tmp_path: Path):
    async with open_day(tmp_path) as day:
        await busy_day(day)
        before = await left(day)
        await day.later(days=29)
        await swept(day)
        assert {name: n for name, n in (await left(day)).items() if n < before[name]} == {}


def without(name: str, part: str) -> dict[str, str]:
    """The statement without what spares the young."""
    statement = queries.load()[name]
    assert part in statement
    return {name: statement.replace(part, "1 OR :before")}


SPARING = {
    "actions": without("sweep.drop_actions", "expires_at < :before"),
    "hours": without("sweep.drop_hours", "day < :before"),
}


@pytest.mark.parametrize("what", SPARING)
async def test_without_the_age_in_its_statement_the_sweep_takes_the_young(tmp_path: Path, what: str):
    """The control: the test above sees a sweep that goes too far."""
    async with open_day(tmp_path, replaced=SPARING[what], right=False) as day:
        await busy_day(day)
        before = await left(day)
        await day.later(hours=2)
        await swept(day)
        assert (await left(day))[what] < before[what]


async def test_words_the_platform_refused_go_too_and_cannot_be_sent_again_then(tmp_path: Path):
    async with open_day(tmp_path) as day:
        said = await (await day.buyer()).says(await day.card(), "在吗")
        await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))
        await day.world.control.fault("csi_forbid", times=1)
        chat = await day.one("SELECT id FROM chats")
        await day.engine.chats.say(day.actor(), chat, "加我微信")
        await day.until_told("answer_refused")
        number = await day.one("SELECT id FROM outbox WHERE state = 'refused'")
        assert await day.engine.chats.find_unsent(chat) is not None
        await day.later(days=31)
        await swept(day)
        assert await day.one("SELECT body FROM outbox WHERE id = ?", number) is None
        assert await day.engine.chats.find_unsent(chat) is None
        with pytest.raises(Refused, match="nothing_to_resend"):
            await day.engine.chats.resend(day.actor(), number, "again")


async def test_a_start_does_not_write_for_every_piece_it_looks_at(tmp_path: Path):
    """Walks begin anew at each start, past all that was swept long ago."""
    async with open_day(tmp_path) as day:
        await busy_day(day)
        await day.later(days=31)
        await swept(day)
        sweep, pieces, writes = Sweep(day.shop.work), 0, list[set[str]]()
        day.shop.work.store.on_commit(lambda ran: writes.append({name for name in ran if name.startswith("sweep.")}))
        while await sweep.step():
            pieces += 1
        assert pieces >= 1
        assert sum("sweep.drop_actions" in ran for ran in writes) == 1


FAIL = {"test.fail": "UPDATE notices SET state = 'failed' WHERE id = (SELECT min(id) FROM notices)"}


async def test_a_notice_nobody_saw_is_not_swept(tmp_path: Path):
    """It stands in /health, however old it is."""
    async with open_day(tmp_path, replaced=FAIL) as day:
        await busy_day(day)
        await day.shop.work.store.write(lambda tx: tx.run("test.fail"))
        await day.later(days=400)
        await swept(day)
        assert await day.one("SELECT count(*) FROM notices WHERE state = 'failed'") == 1


async def test_many_rows_go_in_small_pieces(tmp_path: Path):
    """No piece is larger than its limit, so that no order waits behind it."""
    async with open_day(tmp_path) as day:
        await day.shop._supervisor.stop("watch")
        for _ in range(3):
            new = [NewAction(words="x", entity="order", entity_id=1, version=1, chat="c", expires_s=1)] * GROUP
            await day.engine.actions.keep_all(new)
        day.clock.put_forward(timedelta(days=31))
        left = []
        sweep = Sweep(day.shop.work)
        while await sweep.step():
            left.append(await day.one("SELECT count(*) FROM actions"))
        assert left[:3] == [2 * GROUP, GROUP, 0]
