"""The socket of an account against the pretend world: what arrives, and what is acknowledged."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from core.outside.xianyu.times import IN_FLIGHT_FRAMES
from core.sandbox import World
from core.values.market import EventKind
from core.values.orders import PlatformStatus
from tests.contract import xianyu_frames
from tests.contract.xianyu_shop import Keeper, listening, market_of, until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def world():
    async with World.open(seed=5) as world:
        yield world


@pytest.fixture
async def cookie(world):
    return (await world.control.account())["cookie"]


@pytest.fixture
async def item(world):
    return await world.control.item("二手相机", 39900, virtual=False, item_id="900052647001")


async def test_a_buyers_words_arrive_once_stored_and_acknowledged(world, cookie, item):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        buyer = await world.control.buyer("小鱼")
        said = await world.control.talk(buyer, item, "还在吗")
        event = (await until(lambda: keeper.of(EventKind.chat_text)))[0]
        assert (event.text, event.sender_id, event.chat_id) == ("还在吗", buyer, said["chat_id"])
        assert (event.pnm_id, event.message_id) == (said["pnm_id"], said["message_id"])
        state = await until_acked(world)
        assert state["refused_frames"] == 0


async def until_acked(world):
    async with asyncio.timeout(5):
        while True:
            state = await world.control.get("/state")
            if state["pushed"] and state["acked"] >= state["pushed"]:
                return state
            await asyncio.sleep(0.02)


async def test_nothing_is_acknowledged_before_it_is_stored(world, cookie, item):
    keeper = Keeper()
    keeper.store_is_open.clear()
    async with listening(market_of(world, cookie), keeper):
        await world.control.talk(await world.control.buyer(), item, "一")
        await until(lambda: keeper.arriving)
        await asyncio.sleep(0.1)
        state = await world.control.get("/state")
        assert state["pushed"] and state["acked"] == 0
        keeper.store_is_open.set()
        await until_acked(world)


async def test_a_store_that_says_yes_too_early_would_be_caught(world, cookie, item):
    """The negative control of the test above: a listener that returns at once is acknowledged at once."""
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.talk(await world.control.buyer(), item, "一")
        assert (await until_acked(world))["acked"] > 0


async def test_a_store_that_fails_ends_the_connection_without_an_acknowledgement(world, cookie, item):
    class Full(Keeper):
        async def arrived(self, account, records):
            raise OSError("disk full")

    keeper = Full()
    async with market_of(world, cookie) as market:
        listen = asyncio.create_task(market.listen(keeper))
        await until(lambda: keeper.connections)
        await world.control.talk(await world.control.buyer(), item, "一")
        with pytest.raises(OSError, match="disk full"):
            await listen
        assert (await world.control.get("/state"))["acked"] == 0


async def test_frames_go_on_arriving_while_the_store_is_busy_and_the_crowd_is_bounded(world, cookie, item):
    keeper = Keeper()
    keeper.store_is_open.clear()
    async with listening(market_of(world, cookie), keeper) as task:
        burst = asyncio.create_task(
            world.control.post("/burst", account="shop", kind="chats", count=700, chats=7, in_flight=700)
        )
        await until(lambda: keeper.arriving)
        await asyncio.sleep(0.3)
        assert keeper.arriving == 1
        keeper.store_is_open.set()
        assert (await burst)["acked"] == 700
        assert 1 < keeper.largest_batch <= IN_FLIGHT_FRAMES + 1
        assert [text for text in keeper.texts() if "第699个" in text]
        assert not task.done()


async def test_requests_are_answered_while_the_store_is_busy(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        keeper.store_is_open.clear()
        buyer = await world.control.buyer()
        chat = (await world.control.talk(buyer, item, "一"))["chat_id"]
        await until(lambda: keeper.arriving)
        assert await market.send_text(chat, buyer, "在的")
        keeper.store_is_open.set()


async def test_every_record_of_a_frame_arrives(world):
    """On the account that the captured card names as its receiver, and that said the captured words."""
    keeper = Keeper()
    seller = xianyu_frames.load("card_pending_payment")["expect"]["seller_id"]
    cookie = (await world.control.account("captured", unb=seller))["cookie"]
    async with listening(market_of(world, cookie), keeper):
        data = [
            {"data": xianyu_frames.load(name)["wire"]}
            for name in ("chat_text", "card_pending_payment", "chat_item_map")
        ]
        body = {"syncPushPackage": {"data": [*data, {"data": "@@"}]}}
        frame = {"lwp": "/s/sync", "headers": {"mid": "8a 0", "sid": "x"}, "body": body}
        await world.control.post("/push", account="captured", frame=json.dumps(frame))
        await until(lambda: len(keeper.records) >= 4)
        assert [event.event for event in keeper.events] == ["self_message", "order", "chat_item_map", "unknown"]


async def test_a_frame_of_more_than_a_mebibyte_is_taken(world, cookie, item):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.fault("big_frame", times=1, on="message")
        await world.control.talk(await world.control.buyer(), item, "很大")
        await until(lambda: "很大" in keeper.texts())
        assert keeper.endings == []


@pytest.mark.parametrize("dial", ["malformed_record", "unknown_record"])
async def test_a_broken_record_is_kept_as_unknown_and_hides_nothing(world, cookie, item, dial):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.fault(dial, times=1, on="message")
        await world.control.talk(await world.control.buyer(), item, "好的")
        await until(keeper.texts)
        assert keeper.of(EventKind.unknown)


async def test_a_message_pushed_twice_and_found_in_history_has_one_name(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("duplicate", times=1, on="message")
        chat = (await world.control.talk(await world.control.buyer(), item, "在吗"))["chat_id"]
        await until(lambda: len(keeper.texts()) == 2)
        pushed = [record for record in keeper.records if record.event.event is EventKind.chat_text]
        found = [record for record in await market.list_history(chat, LONG_AGO) if record.event.text == "在吗"]
        assert set.intersection(*(set(record.keys) for record in pushed + found))
        assert [market.read_record(record.raw) for record in found] == found


async def test_a_message_that_was_never_pushed_is_found_in_history(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("drop", times=1, on="message")
        said = await world.control.talk(await world.control.buyer(), item, "在吗")
        found = await market.list_history(said["chat_id"], LONG_AGO)
        assert [(record.event.event, record.event.text) for record in found] == [(EventKind.chat_text, "在吗")]
        assert keeper.texts() == []


async def test_the_newer_deeper_shape_is_read_as_well(world, cookie, item):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.fault("nested_shape", times=1, on="message")
        buyer = await world.control.buyer()
        await world.control.talk(buyer, item, "在吗")
        await until(keeper.texts)
        assert keeper.of(EventKind.chat_text)[0].sender_id == buyer
        assert keeper.of(EventKind.chat_item_map)[0].item_id == item


async def test_an_order_walks_from_card_to_card(world, cookie, item):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        buyer = await world.control.buyer()
        order = (await world.control.order(buyer, item))["order_id"]
        await world.control.pay(order, show="update")
        await world.control.act("ask_refund", order)
        await world.control.act("withdraw_refund", order)
        await until(lambda: len(keeper.of(EventKind.order_hint)) == 4)
        cards = keeper.of(EventKind.order)
        assert [(card.order_id, card.platform_status) for card in cards] == [
            (order, PlatformStatus.pending_payment),
            (order, PlatformStatus.pending_ship),
            (None, PlatformStatus.refunding),
        ]
        maps = keeper.of(EventKind.chat_order_map)
        assert maps and {(one.order_id, one.buyer_id, one.item_id) for one in maps} == {(order, buyer, item)}
        assert not keeper.of(EventKind.unknown)
        assert {card.role for card in cards} <= {"seller", None}
        assert {card.buyer_id for card in cards} == {buyer}


async def test_words_typed_in_the_app_come_back_as_own(world, cookie, item):
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        chat = (await world.control.talk(await world.control.buyer(), item, "在吗"))["chat_id"]
        await world.control.type_by_hand(chat, "在的亲")
        own = await until(lambda: keeper.of(EventKind.self_message))
        assert (own[0].text, own[0].chat_id) == ("在的亲", chat)
