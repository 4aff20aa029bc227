"""The host's side, measured: a command from the shell, and a copy of a large shop while orders pour in."""

import asyncio
import shutil
import time
from pathlib import Path
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

from core.store.vault import KEY_FILE
from core.tools.backup import restore
from tests.bench import past
from tests.bench.figures import Run
from tests.bench.measures import Size, ended, template
from tests.bench.processes import Place, opened, shop_of, started, typed

GB = 1e9
ORDERS_PER_S = 50


async def shell(folder: Path, size: Size) -> Run:
    """`zhanggui do` as a process of its own, from exec to its exit, on a shop with a long past.

    The first one loads the shop's desk: it is among them, and noted by itself.
    """
    now_ms = round(time.time() * 1000)
    await template(folder, f"old-{size.old_orders}", lambda at: past.build(at, now_ms, size.old_orders, waiting=False))
    async with opened(folder) as place:
        settings = await place.settings(LIMITS__COMMANDS_PER_MINUTE="6000")
        async with started("-m", "bot", "run", "--headless", **settings):
            await place.registered()
            await place.caught_up()
            took_ms = [await typed(settings) for _ in range(size.commands)]
    cuts = quantiles(took_ms, n=100)
    return Run(cuts[98], notes={"p50 ms": cuts[49], "first ms": took_ms[0], "commands": len(took_ms)})


async def backup(folder: Path, size: Size) -> Run:
    """A copy of a large shop made by the shop itself, as every night, while orders come in; then put back elsewhere."""
    now_ms = round(time.time() * 1000)
    await template(folder, f"orders-{size.orders}", lambda at: past.build(at, now_ms, size.orders, waiting=False))
    async with opened(folder) as place:
        item = await place.control.item("past", 1000, virtual=True)
        async with shop_of(place) as shop:
            copying = asyncio.create_task(shop.ask(copy=str(folder / "copy.zip")))
            poured = await _pour(place, item, copying)
            told = await copying
            run = await ended(
                shop, 0.0, {"orders/s": poured, "copy s": told["seconds"], "file MB": told["bytes"] / 1e6}
            )
    back_s = await asyncio.to_thread(_put_back, folder)
    notes = {**run.notes, "restore and verify s/GB": back_s / (told["bytes"] / GB)}
    return run._replace(value=run.notes["pause ms"], notes=notes)


async def _pour(place: Place, item: str, copying: "asyncio.Task[Any]") -> float:
    """Paid orders at an even pace until the copy is made; how many a second."""
    pushed, began_s = 0, time.perf_counter()
    while not copying.done():
        await place.control.post(
            "/burst", kind="orders", count=ORDERS_PER_S, chats=ORDERS_PER_S, item_id=item, in_flight=5, wait_s=60
        )
        pushed += ORDERS_PER_S
        await asyncio.sleep(max(0.0, began_s + pushed / ORDERS_PER_S - time.perf_counter()))
    return pushed / (time.perf_counter() - began_s)


def _put_back(folder: Path) -> float:
    """Restore into a new folder, with every check; the seconds it took."""
    target = folder / "elsewhere"
    target.mkdir()
    shutil.copy(folder / "data" / KEY_FILE, target)
    began_s = time.perf_counter()
    restore(target, folder / "copy.zip", ZoneInfo("Asia/Shanghai"))
    return time.perf_counter() - began_s


HOST = {"shell": shell, "backup": backup}
