"""One account of three breaks, and the other two ship and answer within their normal time (law 12)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from core.flows.catch_up import CatchUp
from core.flows.deliver import Deliver
from core.values.ids import UserId
from tests.flow.apart import HUNG_S, IN_TIME_S, NAMES, SICK, WELL, Apart, Buggy, three

HANGING = {"wire.http_s": HUNG_S, "wire.answer_s": HUNG_S}


async def expired_session(day: Apart) -> None:
    await day.worlds[SICK].control.fault("expired_session", probability=1)
    await day.worlds[SICK].control.post("/reset_connection", how="kickout")


async def challenged(day: Apart) -> None:
    await day.worlds[SICK].control.fault("rgv587", probability=1)
    await day.worlds[SICK].control.post("/reset_connection", how="kickout")


async def network_dead(day: Apart) -> None:
    day.cut(SICK)


async def proxy_dead(day: Apart) -> None:
    day.calls[SICK].refuses = day.sockets[SICK].refuses = True
    await day.worlds[SICK].control.post("/reset_connection", how="close")


async def endless_5xx(day: Apart) -> None:
    await day.worlds[SICK].control.fault("http_5xx", probability=1)


async def calls_hang(day: Apart) -> None:
    day.calls[SICK].hang()


@pytest.mark.parametrize(
    "breaks", [expired_session, challenged, network_dead, proxy_dead, endless_5xx, calls_hang], ids=lambda f: f.__name__
)
async def test_one_account_breaks_and_the_others_ship_and_answer(
    tmp_path: Path, breaks: Callable[[Apart], Awaitable[None]]
) -> None:
    async with three(tmp_path, **HANGING) as day:
        await asyncio.gather(*(day.serves(name, 10) for name in NAMES))
        left = [await day.comes(SICK) for _ in range(4)]
        await breaks(day)
        await asyncio.gather(*(day.comes(SICK) for _ in range(4)))
        for _ in range(3):
            await day.the_others_serve()
        assert len(left) == 4
        states = {row["name"]: row["state"] for row in await day.rows("SELECT name, state FROM accounts")}
        assert [states[name] for name in WELL] == ["online", "online"]


async def test_an_account_whose_parser_has_a_bug_falls_alone(tmp_path: Path) -> None:
    """From the start: it must not keep the shop from taking up what lies in its file either."""
    async with three(tmp_path) as day:
        await day.serves(SICK, 10)
        await day.comes(SICK)
        await day.close()
        await day.build()
        markets = day.shop.work.markets
        assert isinstance(markets, dict)
        markets[SICK] = Buggy(markets[SICK])
        await day.shop.start()
        for _ in range(2):
            await day.comes(SICK)
            await day.the_others_serve()
        states = day.shop._supervisor.states
        assert "IndexError" in states[f"market-{SICK}"] or "AttributeError" in states[f"catch-up-{SICK}"]
        assert {states[f"market-{name}"] for name in WELL} == {"ok"}


class OnePool(Deliver):
    """Places for all accounts together, as it would be without each having its own."""

    def is_full(self) -> bool:
        return len(self._running) >= self._work.config.limits.workers

    async def step(self) -> bool:
        return False if self.is_full() else await super().step()


async def test_with_one_pool_of_places_a_hung_account_stops_the_others(tmp_path: Path) -> None:
    """The negative control of the tests above."""
    async with three(tmp_path, **HANGING, **{"limits.workers": 3}) as day:
        await day.close()
        await day.build()
        day.shop.deliver = OnePool(day.shop.work)
        await day.shop.start()
        await day.until_online()
        day.calls[SICK].hang()
        await asyncio.gather(*(day.comes(SICK) for _ in range(6)))
        await day.until(day.shop.deliver.is_full, "every place taken by the sick account")
        with pytest.raises(TimeoutError):
            await day.the_others_serve()
        day.calls[SICK].mend()


class OneByOne(CatchUp):
    """Accounts catch up one after the other, as it would be in one loop."""

    lock = asyncio.Lock()

    async def step(self, account: str) -> bool:
        async with self.lock:
            return await super().step(account)


async def _missed(day: Apart) -> None:
    """The sick account hangs in its catching up; a healthy one missed a paid order, which only its lists know."""
    day.calls[SICK].hang()
    await day.shop.listener.connected(SICK, UserId(day.worlds[SICK].market.accounts[SICK].unb))
    await asyncio.sleep(0.1)
    control = day.worlds["east"].control
    await control.fault("drop", probability=1)
    _, trade = await day.comes("east")
    await day.shop.listener.connected("east", UserId(day.worlds["east"].market.accounts["east"].unb))
    await day.until(lambda: day.is_shipped(trade), "the order nobody pushed", IN_TIME_S)


async def test_catching_up_waits_for_no_other_account(tmp_path: Path) -> None:
    async with three(tmp_path, **HANGING) as day:
        await _missed(day)


async def test_in_one_loop_a_hung_account_keeps_the_others_from_catching_up(tmp_path: Path) -> None:
    async with three(tmp_path, **HANGING) as day:
        await day.close()
        await day.build()
        day.shop.catch_up = day.shop.listener._catch_up = OneByOne(day.shop.work, day.shop.ingest)
        await day.shop.start()
        await day.until_online()
        with pytest.raises(TimeoutError):
            await _missed(day)
        day.calls[SICK].mend()
