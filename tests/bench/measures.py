"""How each figure is measured: one fresh world and one fresh shop a run."""

import asyncio
import math
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from core.sandbox.things import Json
from tests.bench import past, raw
from tests.bench.figures import Run
from tests.bench.picture import draw
from tests.bench.processes import Lines, Place, opened, shop_of, started, typed

LONG_AGO_S = 90.0


class Size(NamedTuple):
    """How much work a run is."""

    frames: int = 20_000
    buyers: int = 500
    replies: int = 3_000
    chats: int = 50
    messages: int = 200
    waiting: int = 1_000_000
    due: int = 1_000
    due_after_s: float = 15.0
    orders: int = 1_000_000
    old_orders: int = 100_000
    rest_s: float = 60.0
    accounts: int = 20
    commands: int = 200
    missed: int = 2_000
    missed_orders: int = 300
    cold_picture_s: float = 3.0


FULL = Size()
QUICK = Size(frames=10_000, replies=1_000, rest_s=15.0)
TINY = Size(
    frames=100, buyers=5, replies=10, chats=5, messages=5, waiting=2_000, due=50, due_after_s=3.0, orders=2_000,
    old_orders=500, rest_s=0.5, commands=2, cold_picture_s=math.inf, missed=40,
    missed_orders=12,
)  # fmt: skip


async def ended(shop: Lines, value: float, notes: dict[str, float], wrong: str = "") -> Run:
    """Stop the shop; what the run gave, with its longest pause."""
    told = await shop.ask(stop=True)
    await shop.process.wait()
    pause_ms = float(told["pause_ms"])
    return Run(
        value,
        pause_ms,
        notes | {"pause ms": pause_ms, "busy ms": float(told["busy_ms"]), "rss MB": float(told["rss_mb"])},
        wrong,
    )


async def orders(folder: Path, size: Size) -> Run:
    """Paid-order cards through the socket until every one is stored and has moved its order."""
    async with opened(folder) as place:
        item = await place.control.item("past", 1000, virtual=True)
        async with shop_of(place) as shop:
            before_s = (await shop.ask(cpu=True))["cpu_s"]
            told, seconds = await burst(place, item, size)
            used_us = ((await shop.ask(cpu=True))["cpu_s"] - before_s) * 1e6 / size.frames
            born = count(place.file, "SELECT count(*) FROM orders")
            rate = size.frames / seconds
            run = await ended(
                shop,
                rate,
                {"acked in s": float(told["seconds"]), "shop's CPU us each": used_us},
                lacks(born, size.frames, "orders"),
            )
        bare = raw.rows_per_s(place.file, folder / "raw.db", size.frames)
    return run._replace(notes={"% of raw SQLite": 100 * rate / bare, "raw SQLite /s": bare} | dict(run.notes))


async def burst(place: Place, item: str, size: Size) -> tuple[Json, float]:
    """Push all frames; what the world says, and the seconds from the first push to the last frame moved."""
    told = await place.control.post(
        "/burst", kind="orders", count=size.frames, chats=size.buyers, item_id=item, in_flight=1000, wait_s=LONG_AGO_S
    )
    answered_s = time.perf_counter()
    with sqlite3.connect(place.file) as watcher:
        waiting = "SELECT 1 FROM inbox WHERE source = 'market' AND state = 'waiting' LIMIT 1"
        await until(lambda: not watcher.execute(waiting).fetchone(), 0.001)
    watcher.close()
    return told, float(told["seconds"]) + time.perf_counter() - answered_s


async def until(there: Callable[[], bool], every_s: float) -> None:
    """Look again and again."""
    while True:
        if there():
            return
        await asyncio.sleep(every_s)


def count(file: Path, query: str) -> int:
    """A number out of the shop's file."""
    with sqlite3.connect(file) as connection:
        found: int = connection.execute(query).fetchone()[0]
    connection.close()
    return found


def lacks(found: int, wanted: int, what: str) -> str:
    """What to say when a promise was not kept."""
    return "" if found == wanted else f"{found} {what} instead of {wanted}"


async def replies(folder: Path, size: Size) -> Run:
    """Buyers who speak again as soon as they were answered, by the model."""
    async with opened(folder) as place:
        item = await place.control.item("past", 1000, virtual=True, desc="说明书齐全。")
        buyers = [await place.control.buyer() for _ in range(size.chats)]
        chats = {(await place.control.talk(buyer, item, "你好"))["chat_id"]: buyer for buyer in buyers}
        past.tell_histories(folder / "data", chats, item, size.messages, round(time.time() * 1000))
        async with shop_of(place, **unpaced(place)) as shop:
            await answered(place, size.chats)
            await place.control.post("/model", delay_ms=300)
            said = {"item_id": item, "buyers": buyers, "count": size.replies, "wait_s": LONG_AGO_S}
            told = await place.world.ask(converse=said)
            asked = (await place.control.get("/state"))["model_asked"]
            notes = {"p50 ms": told["p50_ms"], "p99 ms": told["p99_ms"]}
            wrong = lacks(told["answered"], size.replies, "answers") or lacks(told["twice"], 0, "answers too many")
            wrong = wrong or lacks(asked, size.replies, "questions to the model")
            return await ended(shop, told["answered"] / told["seconds"], notes, wrong)


def unpaced(place: Place) -> dict[str, str]:
    """Settings that let the shop answer as fast as it can."""
    zero = dict.fromkeys(("DEBOUNCE_S", "DEBOUNCE_MAX_S", "TYPING_S_PER_CHAR", "TYPING_MAX_S"), "0")
    return {f"REPLIES__{name}": value for name, value in zero.items()} | {
        "LIMITS__WRITES_PER_S": "1000",
        "LIMITS__WRITES_PER_MINUTE": "60000",
        "LIMITS__WORKERS": "64",
        "AI__BASE_URL": place.addresses["model"],
        "AI__MODEL": "pretend",
        "AI__API_KEY": "pretend",
        "AI__CLASSIFY": "false",
    }


async def answered(place: Place, chats: int) -> None:
    """Until each buyer's greeting was answered (by a rule)."""
    while True:
        if len(await place.control.record("sent")) >= chats:
            return
        await asyncio.sleep(0.05)


async def due(folder: Path, size: Size) -> Run:
    """Shipments due at one instant, among many that wait; seen claimed in the file by another process."""
    now_ms = round(time.time() * 1000)
    await template(
        folder, f"waiting-{size.waiting}", lambda at: past.build(at, now_ms, size.waiting, waiting=True, due=size.due)
    )
    async with opened(folder) as place:
        at_ms = round((time.time() + size.due_after_s) * 1000)
        past.make_due(folder / "data", size.due, at_ms)
        async with shop_of(place) as shop:
            late_ms = await claims(place.file, size.due, at_ms)
            begun = "FROM history WHERE machine = 'fulfilment' AND event = 'due'"
            taken = count(place.file, f"SELECT count(DISTINCT entity_id) {begun}")
            wrong = lacks(taken, size.due, "claimed") or lacks(
                count(place.file, f"SELECT count(*) {begun}"), size.due, "claims"
            )
            return await ended(
                shop, late_ms[int(len(late_ms) * 0.99) - 1], {"first ms": late_ms[0], "last ms": late_ms[-1]}, wrong
            )


async def claims(file: Path, wanted: int, at_ms: int) -> list[float]:
    """For each shipment, the milliseconds from its due instant until another connection saw it claimed."""
    late_ms: list[float] = []
    watcher = sqlite3.connect(file)
    await asyncio.sleep(max(0.0, at_ms / 1000 - time.time() - 0.05))
    ends_s = at_ms / 1000 + LONG_AGO_S
    while len(late_ms) < wanted and time.time() < ends_s:
        seen: int = watcher.execute(
            "SELECT count(*) FROM fulfilments WHERE order_id <= ? AND version > 1", (wanted,)
        ).fetchone()[0]
        late_ms += [time.time() * 1000 - at_ms] * (seen - len(late_ms))
        await asyncio.sleep(0.0005)
    watcher.close()
    return late_ms or [LONG_AGO_S * 1000]


async def template(folder: Path, name: str, build: Callable[[Path], None]) -> None:
    """A built file in the folder's `data`: made once for all runs, then copied."""
    kept = folder.parent / name
    if not kept.exists():
        await asyncio.to_thread(build, kept)
    await asyncio.to_thread(shutil.copytree, kept, folder / "data")


async def stats(folder: Path, size: Size) -> Run:
    """The 30-day figures, asked again and again while order frames pour in."""
    now_ms = round(time.time() * 1000)
    await template(folder, f"orders-{size.orders}", lambda at: past.build(at, now_ms, size.orders, waiting=False))
    async with opened(folder) as place:
        item = await place.control.item("past", 1000, virtual=True)
        async with shop_of(place) as shop:
            pouring = asyncio.create_task(burst(place, item, size))
            told = await asking(place, shop, pouring, size)
            notes = {"p50 ms": told["p50_ms"], "asked": told["asked"], "ingested": float(size.frames)}
            wrong = "" if told["orders"] >= size.orders * 0.4 else "the orders are not in the figures"
            return await ended(shop, told["p99_ms"], notes, wrong)


async def asking(place: Place, shop: Lines, pouring: "asyncio.Task[tuple[Json, float]]", size: Size) -> Json:
    """Ask while the frames come: from the first new order on, for about half of the time they take."""
    with sqlite3.connect(place.file) as watcher:
        newest = "SELECT max(id) FROM orders"
        await until(lambda: pouring.done() or watcher.execute(newest).fetchone()[0] > size.orders, 0.005)
    watcher.close()
    said = await shop.ask(numbers=max(0.2, size.frames / 10_000))
    await pouring
    return said


async def start(folder: Path, size: Size) -> Run:
    """`zhanggui run` from exec to /reg accepted, with a past."""
    now_ms = round(time.time() * 1000)
    await template(folder, f"old-{size.old_orders}", lambda at: past.build(at, now_ms, size.old_orders, waiting=False))
    async with opened(folder) as place:
        settings = await place.settings()
        began_s = time.perf_counter()
        async with started("-m", "bot", "run", "--headless", **settings):
            await place.registered()
            took_s = time.perf_counter() - began_s
        async with shop_of(place) as shop:
            await asyncio.sleep(min(size.rest_s, 5.0))
            return await ended(shop, took_s, {})


async def memory(folder: Path, size: Size) -> Run:
    """`zhanggui run --headless`, left alone."""
    return await resting(folder, size, with_model=False)


async def memory_model(folder: Path, size: Size) -> Run:
    """The same with a model configured, its client loaded."""
    return await resting(folder, size, with_model=True)


async def memory_accounts(folder: Path, size: Size) -> Run:
    """The same with many accounts connected."""
    async with opened(folder) as place:
        for number in range(1, size.accounts):
            await place.control.post("/accounts", name=f"shop{number}")
        settings = await place.settings()
        async with started("-m", "bot", "run", "--headless", **settings) as shop:
            await place.registered(accounts=size.accounts)
            await asyncio.sleep(size.rest_s)
            return Run(rss_mb(shop.process.pid), notes={"after s": size.rest_s, "accounts": size.accounts})


async def picture(folder: Path, size: Size) -> Run:
    """The evening's picture, drawn by worker processes."""
    return await draw(folder, size.cold_picture_s)


async def resting(folder: Path, size: Size, *, with_model: bool) -> Run:
    async with opened(folder) as place:
        model = {"AI__BASE_URL": place.addresses["model"], "AI__MODEL": "pretend", "AI__API_KEY": "pretend"}
        settings = await place.settings(**(model if with_model else {}))
        async with started("-m", "bot", "run", "--headless", **settings) as shop:
            await place.registered()
            await asyncio.sleep(size.rest_s)
            rested_mb = rss_mb(shop.process.pid)
            await typed(settings)
            return Run(rested_mb, notes={"after s": size.rest_s, "after a command MB": rss_mb(shop.process.pid)})


def rss_mb(pid: int) -> float:
    """Resident memory of a process, in MB of 1,000,000 bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024 / 1e6


MEASURES: dict[str, Callable[[Path, Size], Awaitable[Run]]] = {
    "orders": orders,
    "replies": replies,
    "due": due,
    "stats": stats,
    "start": start,
    "memory": memory,
    "memory_model": memory_model,
    "memory_accounts": memory_accounts,
    "picture": picture,
}
