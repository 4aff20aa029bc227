"""Hours away, measured: from the shop's start until everything missed is known, with nothing said twice or late."""

import asyncio
import sqlite3
import time
from collections import Counter
from pathlib import Path

from core.config import Limits, load
from core.run import open_shop
from core.sandbox.things import Json
from core.values.people import Actor
from tests.bench.figures import Run
from tests.bench.measures import LONG_AGO_S, Size, ended, until
from tests.bench.processes import Place, opened, started

HOURS = 12
HOUR_MS = 3_600_000
WRITES = ("consign.dummy", "sendByReceiverScope")
FRESH = 4
"""Chats whose buyer spoke a moment before the shop was back."""
SETTLED_S = 2.0
QUICK_WRITES = {"ZHANGGUI__LIMITS__WRITES_PER_S": "1000", "ZHANGGUI__LIMITS__WRITES_PER_MINUTE": "60000"}
"""The goods of the orders that waited would keep the answers behind them for minutes."""
OWNER = Actor(who="terminal:owner", name="owner", chat="terminal")
FIELDS = {"mode": "virtual", "text": "给您 {order}", "auto_ship": "on"}
STATES = {"pending_payment": "pending_payment", "pending_ship": "pending_ship", "shipped": "shipped",
          "completed": "completed", "closed": "cancelled", "refunded": "cancelled"}  # fmt: skip
MISSED = """
SELECT (SELECT count(*) FROM messages WHERE sender = 'buyer') >= :messages
  AND (SELECT count(*) FROM orders) >= :orders
  AND NOT EXISTS (SELECT 1 FROM inbox WHERE source = 'market' AND state = 'waiting')
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE kind IN ('look_up', 'find_order')
    AND state IN ('waiting', 'claimed', 'asking'))
  AND (SELECT caught_up_at FROM accounts) > :since
"""


async def backfill(folder: Path, size: Size) -> Run:
    """Twelve hours of talk and trade, fetched by a shop that was away; what it says then, and after one more start."""
    async with opened(folder) as place:
        item = await place.control.item("past", 1000, virtual=True, desc="说明书齐全。")
        settings = await place.settings()
        await _was_here(settings)
        wish = {"hours": HOURS, "orders": size.missed_orders, "messages": size.missed, "chats": size.missed // 8}
        told = await place.world.ask(gather={"item_id": item, **wish, "fresh": FRESH})
        _go_away(place.file)
        before = await _calls(place)
        began_s, since = time.perf_counter(), round(time.time() * 1000)
        async with started("-m", "tests.bench.shop", **settings) as shop:
            await shop.hear()
            facts = {"messages": size.missed, "orders": size.missed_orders, "since": since}
            await _known(place.file, facts)
            took_s = time.perf_counter() - began_s
            calls = {name: n - before.get(name, 0) for name, n in (await _calls(place)).items()}
            asked = sum(n for name, n in calls.items() if not name.endswith(WRITES))
            wrong = await _wrong_orders(place) or _too_many(asked)
            run = await ended(shop, took_s, {"questions": float(asked)}, wrong)
        await _once_more(place, settings | QUICK_WRITES, told["fresh"])
        said = await _said(place)
        return run._replace(
            wrong=run.wrong or _wrong_words(said, told["fresh"]), notes={"answers": float(len(said)), **run.notes}
        )


async def _was_here(settings: dict[str, str]) -> None:
    """The shop knew its account and its goods before it went away."""
    async with open_shop(load(None, settings)) as shop:
        await shop.start()
        async with asyncio.timeout(LONG_AGO_S):
            while not (products := await shop.engine.items.list()):  # noqa: ASYNC110 - they come by the wire
                await asyncio.sleep(0.02)
        for field, value in FIELDS.items():
            actor = OWNER.model_copy(update={"request": f"bench:{field}"})
            await shop.engine.items.change(actor, products[0].product.id, field, value)
        await shop.stop()


def _too_many(asked: int) -> str:
    """More than may be asked at once would be waited for: then the figure is the budget's, not the shop's."""
    most = Limits().reads_at_once
    return f"{asked} questions, {most} may be asked at once" if asked > most else ""


def _go_away(file: Path) -> None:
    """All that it knows is so many hours old."""
    with sqlite3.connect(file) as connection:
        ago = HOURS * HOUR_MS + HOUR_MS
        connection.execute(
            "UPDATE accounts SET caught_up_at = caught_up_at - ?, first_connected_at = first_connected_at - ?",
            (ago, ago),
        )
    connection.close()


async def _known(file: Path, facts: dict[str, int]) -> None:
    """Until everything missed is stored, moved, and read."""
    watcher = sqlite3.connect(file)
    async with asyncio.timeout(10 * LONG_AGO_S):
        await until(lambda: bool(watcher.execute(MISSED, facts).fetchone()[0]), 0.05)
    watcher.close()


async def _wrong_orders(place: Place) -> str:
    """What differs between the world's orders and the shop's; those that move on meanwhile are looked at first."""
    watcher = sqlite3.connect(place.file)
    ours = dict(watcher.execute("SELECT order_no, state FROM orders").fetchall())
    watcher.close()
    world: list[Json] = (await place.control.get("/orders"))["orders"]
    wanted = {one["order_id"]: "refunding" if one["refunding"] else STATES[one["status"]] for one in world}
    moved = {"pending_ship", "shipped"}
    differs = [no for no, state in wanted.items() if ours.get(no) != state and not {ours.get(no), state} <= moved]
    return f"{len(differs)} orders are not the world's, such as {differs[0]}" if differs else ""


async def _answered(place: Place, fresh: list[str]) -> None:
    """Until whoever spoke a moment ago was answered."""
    async with asyncio.timeout(LONG_AGO_S):
        while True:
            if not set(fresh) - {entry["chat_id"] for entry in await _said(place)}:
                return
            await asyncio.sleep(0.1)


async def _once_more(place: Place, settings: dict[str, str], fresh: list[str]) -> None:
    """The shop is started again, catches up again, and says what it still had to say: nothing comes twice of it."""
    since = round(time.time() * 1000)
    async with started("-m", "tests.bench.shop", **settings) as shop:
        await shop.hear()
        await _known(place.file, {"messages": 0, "orders": 0, "since": since})
        await _answered(place, fresh)
        await asyncio.sleep(SETTLED_S)
        await shop.ask(stop=True)
        await shop.process.wait()


async def _said(place: Place) -> list[Json]:
    """The shop's answers, goods left out."""
    return [entry for entry in await place.control.record("sent") if not entry["text"].startswith("给您 ")]


def _wrong_words(said: list[Json], fresh: list[str]) -> str:
    """Old news are for a person; who spoke a moment ago is answered, once."""
    times = Counter(entry["chat_id"] for entry in said)
    late = sorted(times.keys() - set(fresh))
    twice = [chat for chat, n in times.items() if n > 1]
    return f"{len(late)} answers to old news" if late else f"{len(twice)} chats answered twice" if twice else ""


async def _calls(place: Place) -> dict[str, int]:
    """What the world was asked so far, by call: over the web and over the sockets."""
    state = await place.control.get("/state")
    calls: dict[str, int] = {**state["api_calls"], **state["socket_calls"]}
    return calls


AWAY = {"backfill": backfill}
