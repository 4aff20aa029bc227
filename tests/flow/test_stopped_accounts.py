"""An account whose calls stopped stays stopped until its owner mends it, whatever its socket does meanwhile."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from core.errors import NeedsOwner
from core.flows.catch_up import CatchUp
from core.outside.ports import Market
from core.values.market import Conversation
from tests.flow.shop import Day

SLOW_START = {"wire.settle_s": 0.6}
"""Between /reg and the account counting as online: here the calls stop."""
HIDES = {
    "accounts.connected": "UPDATE accounts SET state = 'online', reason = '', changed_at = :now, user_id = :user_id, "
    "first_connected_at = coalesce(first_connected_at, :platform_now) WHERE id = :id"
}


async def stops_while_it_connects(day: Day) -> None:
    """The slider is asked for after a new connection was registered, before it counts."""
    await day.world.control.post("/reset_connection", how="close")
    await day.until(lambda: not day.world.lines.live("shop"), "the end of the old connection")
    await day.until(lambda: day.world.lines.live("shop"), "a new one")
    await day.world.control.fault("rgv587", times=1, on="sold.get")
    with suppress(NeedsOwner):
        await day.shop.work.markets["shop"].list_sold()
    await day.until_told("challenged")


async def state(day: Day) -> str:
    return str(await day.one("SELECT state FROM accounts"))


@pytest.mark.day(settings=SLOW_START)
async def test_a_registration_does_not_hide_that_the_calls_stopped(day: Day) -> None:
    await stops_while_it_connects(day)
    await day.quiet(real_s=1.0)
    assert await state(day) == "challenged"
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until_online()
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")


@pytest.mark.day(settings=SLOW_START, replaced=HIDES)
async def test_without_the_guard_it_counts_as_online_and_nothing_works(day: Day) -> None:
    """The control: online to everybody, and every call is refused by the shut gate, for ever."""
    await stops_while_it_connects(day)
    await day.until_online()
    with pytest.raises(NeedsOwner):
        await day.shop.work.markets["shop"].list_sold()


@pytest.mark.day(settings=SLOW_START)
async def test_the_owners_word_is_not_lost_in_a_connection_that_begins(day: Day) -> None:
    """重连, pressed between a registration and its counting, still opens the gate."""
    await stops_while_it_connects(day)
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until_online()
    await day.until(lambda: _sold(day), "calls that go again")


async def _sold(day: Day) -> bool:
    with suppress(NeedsOwner):
        await day.shop.work.markets["shop"].list_sold()
        return True
    return False


class Hurried:
    """A market in the middle of whose first look something asks for another."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.asks: Callable[[], None] | None = None

    async def list_conversations(self, since: datetime) -> Sequence[Conversation]:
        asks, self.asks = self.asks, None
        if asks is not None:
            asks()
        return await self._market.list_conversations(since)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market, name)


async def test_a_look_that_is_asked_for_during_a_look_is_not_put_off(day: Day) -> None:
    """A connection that came while the gap of the one before was filled has a gap of its own."""
    hurried = Hurried(day.shop.work.markets["shop"])
    catch_up = CatchUp(replace(day.shop.work, markets={"shop": hurried}), day.shop.ingest)
    hurried.asks = lambda: catch_up.want("shop")
    catch_up.want("shop")
    assert await catch_up.step("shop")
    assert await catch_up.step("shop"), "the second look comes at once"
    assert not await catch_up.step("shop"), "and the third in its time"
