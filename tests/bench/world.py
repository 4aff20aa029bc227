"""The pretend world as a process of its own: prints its addresses, then takes one JSON command a line.

`{"converse": …}` lets buyers talk: each says its next sentence as soon as the one before was answered. `{"gather": …}`
lets hours of talk and trade have happened.
"""

import asyncio
import sys
import time
from statistics import quantiles

import orjson

from core.sandbox.frames import text_content
from core.sandbox.things import Json
from core.sandbox.world import World
from tests.bench.backlog import Backlog, Travelling, gather

LOOK_S = 0.001
QUESTION = "请问第{number}步怎么安装，需要什么配置？"


async def converse(world: World, item_id: str, buyers: list[str], count: int, wait_s: float) -> Json:
    """`count` messages of these buyers in all; how many were answered, in how long, and how long each waited."""
    talk, entries = Talk(world, item_id, count), world.market.record.entries
    seen, began_s = len(entries), time.perf_counter()
    for buyer in buyers:
        talk.say(buyer)
    ends_s = began_s + wait_s
    while talk.answered < count and time.perf_counter() < ends_s:
        for entry in entries[seen:]:
            if entry["kind"] == "sent":
                talk.hear(entry["buyer_id"])
        seen = len(entries)
        await asyncio.sleep(LOOK_S)
    seconds = time.perf_counter() - began_s
    return {
        "answered": talk.answered,
        "twice": talk.twice,
        "seconds": seconds,
        "p50_ms": talk.wait_ms(50),
        "p99_ms": talk.wait_ms(99),
    }


class Talk:
    """What was said and what still waits for an answer."""

    def __init__(self, world: World, item_id: str, count: int) -> None:
        self._world = world
        self._item_id = item_id
        self._left = count
        self._said_s: dict[str, float] = {}
        self._waits_s: list[float] = []
        self.twice = 0

    @property
    def answered(self) -> int:
        return len(self._waits_s)

    def say(self, buyer_id: str) -> None:
        if self._left <= 0:
            return
        self._left -= 1
        market = self._world.market
        chat = self._world.talks.chat(market.accounts["shop"], market.buyers[buyer_id], self._item_id)
        self._said_s[buyer_id] = time.perf_counter()
        self._world.talks.say(chat, text_content(QUESTION.format(number=self._left)))

    def hear(self, buyer_id: str) -> None:
        said_s = self._said_s.pop(buyer_id, None)
        if said_s is None:
            self.twice += 1
            return
        self._waits_s.append(time.perf_counter() - said_s)
        self.say(buyer_id)

    def wait_ms(self, percent: int) -> float:
        return quantiles(self._waits_s, n=100)[percent - 1] * 1000 if len(self._waits_s) > 1 else 0.0


async def serve() -> None:
    """Until standard input ends."""
    loop, clock = asyncio.get_running_loop(), Travelling()
    async with World.open(clock=clock) as world:
        print(orjson.dumps(world.addresses).decode(), flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            asked = orjson.loads(line)
            if "gather" in asked:
                answer = gather(world, clock, Backlog(**asked["gather"]))
            else:
                answer = await converse(world, **asked["converse"])
            print(orjson.dumps(answer).decode(), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
