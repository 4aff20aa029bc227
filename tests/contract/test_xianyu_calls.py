"""The calls about orders and items against the pretend world: what is read, what is written, and what no answer means."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import MarketDown, Refused, Unknown
from core.values.orders import PlatformStatus
from tests.contract.xianyu_shop import calls, market_of, paid_order, shipped


async def test_the_record_of_an_order_tells_what_shipping_needs(world, market, parcel):
    order, buyer, _ = await paid_order(world, parcel, quantity=2, spec="颜色:红色")
    found = await market.find_order(order)
    assert (found.status, found.paid, found.shipped, found.can_ship) == (PlatformStatus.pending_ship, True, False, True)
    assert (found.item_id, found.buyer_user_id, found.buyer_nick) == (parcel, buyer, "小鱼")
    assert (found.quantity, found.spec, found.unit_price_fen) == (2, "颜色:红色", 9900)
    assert (found.amount_fen, found.postage_fen) == (9900 * 2 + 800, 800)
    assert abs(found.paid_at - datetime.now(UTC)) < timedelta(seconds=5)


async def test_an_order_nobody_paid_cannot_be_shipped(world, market, item):
    order = await world.control.order(await world.control.buyer(), item)
    found = await market.find_order(order["order_id"])
    assert (found.status, found.paid, found.can_ship) == (PlatformStatus.pending_payment, False, False)


async def test_a_bargain_without_its_group_cannot_be_shipped_and_with_it_can(world, market, item):
    order, _, _ = await paid_order(world, item, bargain=True)
    assert not (await market.find_order(order)).can_ship
    await world.control.act("complete_bargain", order)
    assert (await market.find_order(order)).can_ship


@pytest.mark.parametrize(
    ("acts", "status", "can_ship"),
    [
        (["ask_refund"], PlatformStatus.refunding, False),
        (["ask_refund", "withdraw_refund"], PlatformStatus.pending_ship, True),
        (["ask_refund", "agree_refund"], PlatformStatus.refunded, False),
        (["cancel"], PlatformStatus.closed, False),
        (["ship_in_app"], PlatformStatus.shipped, False),
        (["ship_in_app", "confirm"], PlatformStatus.completed, False),
    ],
)
async def test_each_state_of_an_order_is_read(world, market, item, acts, status, can_ship):
    order, _, _ = await paid_order(world, item)
    for act in acts:
        await world.control.act(act, order)
    found = await market.find_order(order)
    assert (found.status, found.can_ship, found.in_refund) == (status, can_ship, status is PlatformStatus.refunding)


async def test_an_order_that_is_not_there_is_none(market):
    assert await market.find_order("1") is None


async def test_the_order_of_a_chat_is_found_by_chat_and_item(world, market, item):
    order, _, chat = await paid_order(world, item)
    assert await market.find_order_of_chat(chat, item) == order
    assert await market.find_order_of_chat(chat, "404") is None


async def test_the_sold_list_of_a_plain_seller_is_asked_after_one_refusal_by_the_merchants_list(world, market, item):
    order, buyer, _ = await paid_order(world, item)
    await world.control.order(await world.control.buyer(), item)
    for _ in range(2):
        (found,) = await market.list_sold()
        assert (found.order_no, found.buyer_user_id, found.amount_fen, found.paid) == (order, buyer, 1990, True)
    assert await calls(world, "mtop.taobao.idle.trade.merchant.sold.get") == 1


async def test_the_plain_list_is_filtered_again_by_us(world, market, item):
    await world.control.order(await world.control.buyer(), item)
    await world.control.fault("loose_filter", probability=1)
    assert await market.list_sold() == ()


async def test_the_sold_list_of_a_merchant_tells_more_and_has_pages(world, item):
    cookie = (await world.control.account(merchant=True))["cookie"]
    orders = [(await paid_order(world, item))[0] for _ in range(23)]
    await world.control.act("ask_refund", orders[-1])
    async with market_of(world, cookie) as market:
        found = await market.list_sold()
    assert [one.order_no for one in found] == orders[::-1]
    assert (found[0].in_refund, found[0].can_ship, found[0].status) == (True, False, PlatformStatus.refunding)
    assert (found[1].can_ship, found[1].amount_fen) == (True, 1990)
    assert found[1].paid_at is not None


async def test_items_are_read_with_their_variants(world, market, parcel, item):
    found = await market.find_item(parcel)
    assert (found.title, found.price_fen, found.specs) == ("旧键盘", 9900, (("颜色:红色", 9900),))
    assert {one.item_id for one in await market.list_items()} == {parcel, item}
    assert await market.find_item("404") is None


async def test_long_lists_of_items_are_read_to_their_end(world, market):
    wanted = {await world.control.item(f"第{number}件", 100, virtual=True) for number in range(45)}
    assert {one.item_id for one in await market.list_items()} == wanted


async def test_goods_without_postage_are_shipped_and_twice_is_once(world, market, item):
    order, _, _ = await paid_order(world, item)
    await market.ship_virtual(order)
    await market.ship_virtual(order)
    assert await shipped(world) == [("dummy", "", "")]


async def test_a_parcel_is_shipped_from_the_sellers_address_and_twice_is_once(world, market, parcel):
    order, _, _ = await paid_order(world, parcel)
    await market.ship_parcel(order, "YTO", "YT1234567890")
    await market.ship_parcel(order, "YTO", "YT1234567890")
    assert await shipped(world) == [("offline", "YT1234567890", "YTO")]


async def test_what_the_platform_refuses_is_told_in_its_words(world, market, parcel, item):
    order = (await world.control.order(await world.control.buyer(), parcel))["order_id"]
    with pytest.raises(Refused) as refusal:
        await market.ship_virtual(order)
    assert refusal.value.facts == {"code": "FAIL_BIZ_ORDER_STATUS_ERROR", "reason": "订单状态错误"}
    virtual, _, _ = await paid_order(world, item)
    with pytest.raises(Refused) as refusal:
        await market.ship_parcel(virtual, "YTO", "YT1234567890")
    assert refusal.value.key == "no_parcel_offered"
    assert await shipped(world) == []


@pytest.mark.parametrize("dial", ["timeout_after_effect", "timeout_before_effect", "http_5xx"])
async def test_a_write_without_an_answer_is_unknown_and_never_repeated(world, market, item, dial):
    order, _, _ = await paid_order(world, item)
    await world.control.fault(dial, times=1, on="consign.dummy")
    with pytest.raises(Unknown):
        await market.ship_virtual(order)
    assert await calls(world, "mtop.taobao.idle.logistic.consign.dummy") == 1
    assert len(await shipped(world)) == (dial == "timeout_after_effect")
    assert (await market.find_order(order)).shipped is (dial == "timeout_after_effect")


@pytest.mark.parametrize("dial", ["timeout_after_effect", "http_5xx"])
async def test_a_question_without_an_answer_is_only_the_market_being_down(world, market, item, dial):
    order, _, _ = await paid_order(world, item)
    await world.control.fault(dial, times=1, on="order.detail")
    with pytest.raises(MarketDown):
        await market.find_order(order)
    assert await market.find_order(order) is not None


async def test_a_market_that_cannot_be_reached_did_nothing(world, cookie):
    market = market_of(world, cookie)
    await world.stop()
    async with market:
        with pytest.raises(MarketDown):
            await market.ship_virtual("1")
    await world.start(0)
