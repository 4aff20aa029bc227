"""The shop as a process of its own, with the same loops as `zhanggui run --headless` and a watch on the event loop.

Its settings are in the environment. Prints a line when it is ready, then takes one JSON command a line:
`{"numbers": seconds}` asks for the 30-day figures again and again; `{"copy": file}` makes a copy as every night;
`{"cpu": true}` tells the processor time used so far; `{"stop": true}` ends it and tells the pauses.
"""

import asyncio
import logging
import os
import sys
import time
from pathlib import Path
from statistics import quantiles

import orjson

from bot.demo.soak.pauses import Pauses
from core.config import load
from core.run import Shop, open_shop, settle_down
from core.sandbox.things import Json
from core.store.packing import pack

BETWEEN_S = 0.005


async def ask_numbers(shop: Shop, seconds: float) -> dict[str, float]:
    """How long `numbers(30)` takes while the shop does what it does."""
    took_s, ends_s, orders = [], time.perf_counter() + seconds, 0
    while time.perf_counter() < ends_s:
        began_s = time.perf_counter()
        numbers = await shop.engine.stats.numbers(30)
        took_s.append(time.perf_counter() - began_s)
        orders = numbers.orders
        await asyncio.sleep(BETWEEN_S)
    cuts = quantiles(took_s, n=100)
    return {"p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000, "asked": len(took_s), "orders": orders}


async def copy(shop: Shop, target: Path) -> dict[str, float]:
    """A backup, made in a thread as the night's is."""
    began_s = time.perf_counter()
    made = await asyncio.to_thread(pack, shop.work.store.path.parent, target)
    return {"seconds": time.perf_counter() - began_s, "bytes": made.size}


async def answer(shop: Shop, asked: Json) -> dict[str, float]:
    """What a command asks for."""
    if "cpu" in asked:
        return {"cpu_s": time.process_time()}
    if "copy" in asked:
        return await copy(shop, Path(asked["copy"]))
    return await ask_numbers(shop, asked["numbers"])


def rss_mb() -> float:
    """Resident memory of this process, in MB of 1,000,000 bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def serve() -> None:
    """Until told to stop."""
    loop = asyncio.get_running_loop()
    async with open_shop(load(None, os.environ)) as shop:
        settle_down()
        await shop.start()
        pauses = Pauses()
        watching = asyncio.create_task(pauses.watch())
        print('{"ready": true}', flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            asked = orjson.loads(line)
            if "stop" in asked:
                break
            print(orjson.dumps(await answer(shop, asked)).decode(), flush=True)
        told = {"pause_ms": pauses.longest_ms, "busy_ms": pauses.busy_ms, "rss_mb": rss_mb()}
        print(orjson.dumps(told).decode(), flush=True)
        watching.cancel()
        await shop.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    asyncio.run(serve())
