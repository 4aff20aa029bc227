"""Every way to lose the line, and how it is taken up again."""

import asyncio
from datetime import UTC, datetime

import pytest

from core.errors import MarketDown
from tests.contract.xianyu_shop import QUICK, Keeper, listening, market_of, until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("how", ["close", "kickout"])
async def test_a_lost_line_is_taken_up_again(world, cookie, item, how):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.post("/reset_connection", account="shop", how=how)
        await until(lambda: keeper.connections == 2)
        await world.control.talk(await world.control.buyer(), item, "又来了")
        await until(lambda: "又来了" in keeper.texts())
        assert len(keeper.endings) == 1


async def test_a_line_that_went_silent_is_given_up_after_its_heartbeats(world, cookie, item):
    keeper = Keeper()
    times = QUICK.model_copy(update={"heartbeat_s": 0.1, "dead_s": 0.3})
    async with listening(market_of(world, cookie, times=times), keeper):
        await world.control.post("/reset_connection", account="shop", how="half_close")
        await until(lambda: keeper.connections == 2)
        assert keeper.endings == ["heartbeat not answered"]
        await world.control.talk(await world.control.buyer(), item, "又来了")
        await until(lambda: "又来了" in keeper.texts())


async def test_an_end_is_said_at_once_though_the_goodbye_is_not_answered(world, cookie):
    """Effects of an account without a line wait: it must not count as online while a silent socket is being closed."""
    keeper = Keeper()
    times = QUICK.model_copy(update={"heartbeat_s": 0.05, "dead_s": 0.1})
    async with listening(market_of(world, cookie, times=times), keeper):
        await world.control.post("/reset_connection", account="shop", how="half_close")
        await until(lambda: keeper.endings == ["heartbeat not answered"], timeout_s=0.8)  # the goodbye takes a second


async def test_without_impatience_a_silent_line_would_stay_unnoticed(world, cookie):
    """The negative control of the test above: long heartbeats see nothing in the same time."""
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.post("/reset_connection", account="shop", how="half_close")
        await asyncio.sleep(0.6)
        assert keeper.connections == 1 and keeper.endings == []


async def test_after_each_token_renewal_the_deaf_socket_is_replaced(world, cookie, item):
    keeper = Keeper()
    await world.control.fault("deaf_after_renewal", probability=1)
    soon = QUICK.model_copy(update={"renew_at": 1.0 / 86625})
    async with listening(market_of(world, cookie, times=soon), keeper):
        for times in (1, 2, 3):
            await until(lambda times=times: keeper.connections == times + 1)
            words = f"听得到吗 {times}"
            await world.control.talk(await world.control.buyer(), item, words)
            await until(lambda words=words: words in keeper.texts())
        assert set(keeper.endings) == {"token renewed"}
        assert len({link.token for link in keeper.links if link.token}) >= len(keeper.endings) + 1
        assert len({link.device_id for link in keeper.links}) == 1


async def test_a_socket_that_is_deaf_hears_nothing_without_a_new_one(world, cookie, item):
    """The negative control: another login's token makes the socket deaf, and nothing arrives until it is replaced."""
    keeper, other = Keeper(), Keeper()
    await world.control.fault("deaf_after_renewal", probability=1)
    market = market_of(world, cookie)
    async with listening(market, keeper):
        async with listening(market_of(world, cookie), other):
            pass
        await world.control.talk(await world.control.buyer(), item, "听得到吗")
        await asyncio.sleep(0.3)
        assert keeper.texts() == []
        await market.resume()
        await until(lambda: keeper.connections == 2)
        await world.control.talk(await world.control.buyer(), item, "现在呢")
        await until(lambda: keeper.texts() == ["现在呢"])


async def test_a_refused_registration_is_tried_with_a_fresh_token(world, cookie):
    keeper = Keeper()
    await world.control.fault("expired_token", times=1, on="reg")
    async with listening(market_of(world, cookie), keeper):
        assert [link.token is None for link in keeper.links] == [True, False, True, False]
        assert keeper.endings[0].startswith("registration refused")


async def test_a_kept_token_is_used_again_without_asking_for_another(world, cookie):
    first, second = Keeper(), Keeper()
    async with listening(market_of(world, cookie), first):
        link = first.links[-1]
    async with listening(market_of(world, cookie, link=link), second):
        calls = (await world.control.get("/state"))["api_calls"]
        assert calls["mtop.taobao.idlemessage.pc.login.token"] == 1


async def test_a_platform_that_is_away_is_waited_for(cookie, world):
    keeper = Keeper()
    market = market_of(world, cookie, ws_url="ws://127.0.0.1:9/")
    async with listening(market, keeper, connected=False):
        await until(lambda: len(keeper.endings) >= 3)
        assert set(keeper.endings) == {"market_down ConnectionRefusedError"}
        with pytest.raises(MarketDown):
            await market.send_text("1", "2", "x")


async def test_several_accounts_listen_side_by_side(world, cookie, item):
    other = (await world.control.account("second"))["cookie"]
    theirs = await world.control.item("键盘", 9900, virtual=False, account="second")
    ours, others = Keeper(), Keeper()
    async with listening(market_of(world, cookie), ours), listening(market_of(world, other, name="second"), others):
        await world.control.talk(await world.control.buyer(), item, "相机")
        await world.control.talk(await world.control.buyer(), theirs, "键盘", account="second")
        await until(lambda: ours.texts() and others.texts())
        assert (ours.texts(), others.texts()) == (["相机"], ["键盘"])
