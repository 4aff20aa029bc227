"""Whatever comes through the market's door is stored and acted on, or set aside: the shop never stops for it.

Records go the whole way of a push — read, stored, decided — in a real shop on a real file; after each handful a good
message must still be heard, every row must have an end, and the books must be right.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import ManualClock, SeededChance
from core.config import load
from core.run import Shop, open_shop
from core.store.books import find_wrong, snapshot
from tests import stockroom as room
from tests.contract import xianyu_frames
from tests.property.test_xianyu_garbage import ANYTHING, LEAVES, PAYLOADS

ME = "2200000000001"
GOOD = xianyu_frames.load("chat_text")["payload"]
MOST = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def good(n: int) -> bytes:
    """A buyer's message that was never seen before."""
    return wire(json.loads(json.dumps(GOOD).replace("3003489016178", f"{n}").replace("6f9e37", f"{n:06x}")))


class Door:
    """A shop that nobody but the test sends anything to."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._folder = folder
        self._heard = 0
        self.shop = self._runner.run(self._open())

    async def _open(self) -> Shop:
        cookies = self._folder / "cookies"
        cookies.write_text(f"unb={ME}; cookie2=c; _m_h5_tk=t_1")
        here = "127.0.0.1:1"
        account = {"NAME": "shop", "WS_URL": f"ws://{here}/", "API_URL": f"http://{here}", "COOKIE_FILE": str(cookies)}
        env = {f"ZHANGGUI__ACCOUNTS__0__{key}": value for key, value in account.items()}
        env["ZHANGGUI__SHOP__DATA_DIR"] = str(self._folder / "data")
        self._opened = open_shop(load(None, env), clock=ManualClock(room.NOW), chance=SeededChance(1))
        return await self._opened.__aenter__()

    def close(self) -> None:
        self._runner.run(self._opened.__aexit__(None, None, None))
        self._runner.close()

    def push(self, *raws: bytes) -> None:
        """A frame with these records arrives and is worked until nothing is left."""
        self._runner.run(self._push(raws))

    async def _push(self, raws: tuple[bytes, ...]) -> None:
        market = self.shop.work.markets["shop"]
        stored = asyncio.create_task(self.shop.ingest.arrived("shop", [market.read_record(raw) for raw in raws]))
        await asyncio.sleep(0)
        while await self.shop.ingest.step():
            pass
        await stored
        while await self.shop.decide.step():
            pass

    def hears(self, n: int) -> bool:
        """Whether a good message, the next of its kind, is still heard."""
        before = self.count("SELECT count(*) FROM messages")
        self.push(good(n))
        return self.count("SELECT count(*) FROM messages") == before + 1

    def count(self, sql: str) -> int:
        async def ask() -> int:
            rows = await self.shop.work.store.people._connection.execute_fetchall(sql)
            return int(next(iter(rows))[0])

        return self._runner.run(ask())

    def check(self) -> None:
        """Every row has an end, and the books are right."""
        assert self.count("SELECT count(*) FROM inbox WHERE state = 'waiting'") == 0
        with snapshot(self.shop.work.store.path) as connection:
            assert find_wrong(connection, ZoneInfo("Asia/Shanghai")) == []


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    door = Door(tmp_path_factory.mktemp("door"))
    yield door
    door.close()


def wire(value: object) -> bytes:
    """A decoded record as it travels."""
    try:
        return base64.b64encode(msgpack.packb(value))
    except (ValueError, TypeError, OverflowError):
        return json.dumps(value, default=str).encode()


def broken(payload: object, where: int, leaf: object) -> object:
    """A captured record with one part, found by counting, replaced."""
    count = 0

    def walk(value: object) -> object:
        nonlocal count
        count += 1
        if count == where:
            return leaf
        if isinstance(value, dict):
            return {key: walk(inner) for key, inner in value.items()}
        return [walk(inner) for inner in value] if isinstance(value, list) else value

    return walk(payload)


@MOST
@given(raws=st.lists(st.binary(max_size=200) | ANYTHING.map(wire), min_size=1, max_size=5))
def test_anything_at_all_is_stored_and_has_an_end(door: Door, raws: list[bytes]) -> None:
    door.push(*raws)
    door.check()


@MOST
@given(payload=st.sampled_from(PAYLOADS), where=st.integers(1, 80), leaf=LEAVES, more=ANYTHING)
def test_a_captured_record_with_a_part_replaced_has_an_end(
    door: Door, payload: object, where: int, leaf: object, more: object
) -> None:
    door.push(wire(broken(payload, where, leaf)), wire(broken(payload, where, more)))
    door.check()


@MOST
@given(raw=st.sampled_from(PAYLOADS).map(wire), at=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_captured_record_with_a_byte_changed_has_an_end(door: Door, raw: bytes, at: int, byte: int) -> None:
    place = at % len(raw)
    door.push(raw[:place] + bytes([byte]) + raw[place + 1 :])
    door.check()


def test_after_all_that_a_good_message_is_still_heard(door: Door) -> None:
    assert door.hears(1)
    assert door.count("SELECT count(*) FROM inbox WHERE state = 'parked'") > 0


def test_what_makes_the_shop_stumble_is_set_aside_told_and_the_next_goes_on(door: Door) -> None:
    """A bug in the work itself: a chat without its account."""
    quarantined = door.count("SELECT count(*) FROM inbox WHERE state = 'quarantined'")
    accounts = door.shop.work.accounts
    market = door.shop.work.markets["shop"]
    record = market.read_record(good(3))
    known = accounts["shop"]

    async def stumble() -> None:
        stored = asyncio.create_task(door.shop.ingest.arrived("shop", [record]))
        await asyncio.sleep(0)
        await door.shop.ingest.step()
        await stored
        accounts["shop"] = 999  # type: ignore[index,assignment]
        await door.shop.decide.step()
        accounts["shop"] = known  # type: ignore[index]

    door._runner.run(stumble())
    assert door.count("SELECT count(*) FROM inbox WHERE state = 'quarantined'") == quarantined + 1
    assert door.count("SELECT count(*) FROM notices WHERE kind = 'quarantined'") >= 1
    assert door.hears(2)
