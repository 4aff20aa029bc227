"""Every call of an account against the pretend world, and every way in which a call can fail."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import SystemClock
from core.errors import Busy, Challenged, LoginExpired, MarketDown, Refused, Unknown
from core.outside.xianyu.cookies import cookies_of
from core.sandbox import World
from core.values.orders import PlatformStatus
from tests.contract.xianyu_shop import QUICK, Keeper, listening, market_of, until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TOKEN_CALL = "mtop.taobao.idlemessage.pc.login.token"
DETAIL_CALL = "mtop.idle.web.trade.order.detail"


@pytest.fixture
async def world():
    async with World.open(seed=7) as world:
        yield world


@pytest.fixture
async def cookie(world):
    return (await world.control.account())["cookie"]


@pytest.fixture
async def market(world, cookie):
    async with market_of(world, cookie) as market:
        yield market


@pytest.fixture
async def item(world):
    return await world.control.item("软件激活码", 1990, virtual=True)


@pytest.fixture
async def parcel(world):
    return await world.control.item(
        "旧键盘", 9900, virtual=False, postage_fen=800, skus=[{"spec": "颜色:红色", "price_fen": 9900}]
    )


async def paid_order(world, item, **more):
    buyer = await world.control.buyer("小鱼")
    order = await world.control.order(buyer, item, **more)
    await world.control.pay(order["order_id"])
    return order["order_id"], buyer, order["chat_id"]


async def calls(world, api):
    return (await world.control.get("/state"))["api_calls"].get(api, 0)


async def shipped(world):
    return [
        (entry["how"], entry.get("tracking_no"), entry.get("company"))
        for entry in await world.control.record("shipped")
    ]


# what is true


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


# shipping


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


# sign, session, challenge


async def test_a_stale_sign_is_renewed_and_the_cookies_stay_single(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        order, _, _ = await paid_order(world, item)
        before = cookies_of(cookie)["_m_h5_tk"]
        await world.control.fault("expired_token", times=3, on="consign.dummy")
        await market.ship_virtual(order)
        assert len(await shipped(world)) == 1
        kept = keeper.links[-1].cookies
        assert kept.count("_m_h5_tk=") == 1 and kept.count("_m_h5_tk_enc=") == 1
        assert cookies_of(kept)["_m_h5_tk"] != before
        assert cookies_of(kept)["cookie2"] == cookies_of(cookie)["cookie2"]


async def test_a_login_without_any_sign_yet_gets_one(world, cookie):
    bare = "; ".join(part for part in cookie.split("; ") if not part.startswith("_m_h5_tk"))
    async with market_of(world, bare) as market:
        assert await market.list_items() == ()


async def test_a_sign_that_is_never_accepted_is_given_up(world, market):
    await world.control.fault("expired_token", probability=1)
    with pytest.raises(MarketDown):
        await market.find_order("1")
    assert await calls(world, DETAIL_CALL) == 5


async def test_an_ended_session_is_revived_once_by_the_passport(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        order, _, _ = await paid_order(world, item)
        await world.control.fault("expired_session", times=1, on="order.detail")
        assert (await market.find_order(order)).paid
        assert cookies_of(keeper.links[-1].cookies)["sgcookie"] != cookies_of(cookie)["sgcookie"]
        assert keeper.alerts == []


async def test_a_login_that_is_over_stops_the_account_and_tells_the_owner_once(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("expired_session", probability=1)
        for _ in range(3):
            with pytest.raises(LoginExpired):
                await market.find_order("1")
        with pytest.raises(LoginExpired):
            await market.send_text("1", "2", "在的")
        assert await calls(world, DETAIL_CALL) == 1
        assert [error.key for error in keeper.alerts] == ["login_expired"]
        await world.control.fault("expired_session", probability=0)
        with pytest.raises(LoginExpired):
            await market.find_order("1")
        await market.resume()
        assert await market.find_order("1") is None


async def test_a_challenge_keeps_its_address_for_the_owner_and_is_never_solved(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        for _ in range(2):
            with pytest.raises(Challenged) as challenge:
                await market.find_order("1")
        assert "punish" in challenge.value.facts["url"]
        assert await calls(world, DETAIL_CALL) == 1
        assert len(keeper.alerts) == 1
        await market.resume()
        assert await market.find_order("1") is None


async def test_messages_go_on_arriving_while_calls_are_stopped(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        await world.control.talk(await world.control.buyer(), item, "还在吗")
        await until(keeper.texts)


async def test_a_challenge_while_connecting_waits_for_the_owner_and_asks_nothing_meanwhile(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    await world.control.fault("rgv587", times=1, on="login.token")
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        await asyncio.sleep(0.3)
        assert await calls(world, TOKEN_CALL) == 1
        await market.resume()
        await until(lambda: keeper.connections)
        assert await calls(world, TOKEN_CALL) == 2


async def test_new_cookies_are_taken_when_the_owner_has_logged_in_again(world, cookie):
    keeper, fresh = Keeper(), []
    dead = cookie.replace("cookie2=", "cookie2=x")
    market = market_of(world, dead, fresh_cookies=lambda: fresh[-1] if fresh else None)
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        fresh.append(cookie.replace("unb=", "unb=9"))
        await market.resume()
        await until(lambda: len(keeper.alerts) == 2)
        fresh.append(cookie)
        await market.resume()
        await until(lambda: keeper.connections)


async def test_a_cookie_file_changed_before_the_start_is_taken_when_the_kept_login_is_over(world, cookie):
    keeper = Keeper()
    dead = cookie.replace("cookie2=", "cookie2=x")
    async with listening(market_of(world, dead, fresh_cookies=lambda: cookie), keeper):
        assert keeper.alerts == []
        assert cookies_of(keeper.links[-1].cookies)["cookie2"] == cookies_of(cookie)["cookie2"]


async def test_an_unchanged_cookie_file_never_replaces_the_renewed_cookies(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie, fresh_cookies=lambda: cookie)
    async with listening(market, keeper):
        await world.control.fault("expired_token", times=1, on="order.detail")
        await market.find_order("1")
        renewed = keeper.links[-1]
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        await market.resume()
        await until(lambda: keeper.connections == 2)
        assert keeper.links[-1] == renewed


async def test_a_cookie_file_changed_after_a_challenge_is_taken(world, cookie):
    keeper, given = Keeper(), [cookie]
    market = market_of(world, cookie, fresh_cookies=lambda: given[-1])
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        given.append(cookie + "; x5sec=passed")
        await market.resume()
        await until(lambda: keeper.connections == 2)
        assert cookies_of(keeper.links[-1].cookies)["x5sec"] == "passed"


async def test_fresh_tokens_refused_again_and_again_are_the_owners_business(world, cookie):
    keeper = Keeper()
    await world.control.fault("expired_token", probability=1, on="reg")
    async with listening(market_of(world, cookie), keeper, connected=False):
        await until(lambda: keeper.alerts)
        assert await calls(world, TOKEN_CALL) == 3


async def test_trouble_and_new_cookies_from_before_listening_are_told_when_it_begins(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    await world.control.fault("expired_token", times=1, on="order.detail")
    assert await market.find_order("1") is None
    async with listening(market, keeper):
        assert cookies_of(keeper.links[0].cookies)["_m_h5_tk"] != cookies_of(cookie)["_m_h5_tk"]


async def test_calls_are_signed_with_shop_time_however_fast_it_runs():
    clock = SystemClock(speed=60)
    async with World.open(clock=clock, seed=3) as world:
        cookie = (await world.control.account())["cookie"]
        async with market_of(world, cookie, clock=clock) as market:
            assert await market.list_items() == ()


# talking


@pytest.fixture
async def talking(world, cookie):
    market = market_of(world, cookie)
    async with listening(market, Keeper()):
        yield market


async def sent(world):
    return [entry["text"] for entry in await world.control.record("sent")]


async def test_a_sent_text_comes_back_with_the_platforms_id(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    message_id = await talking.send_text(chat, buyer, "在的")
    assert await sent(world) == ["在的"]
    assert message_id in [message.pnm_id for message in await talking.list_messages(chat, LONG_AGO)]


async def test_a_text_refused_for_its_content_is_told_in_the_platforms_words(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("csi_forbid", times=1)
    with pytest.raises(Refused) as refusal:
        await talking.send_text(chat, buyer, "加微信")
    assert refusal.value.facts["reason"] == "您发送的内容涉嫌违规"
    assert "CSI_FORBID" in refusal.value.facts["code"]
    assert await sent(world) == []


async def test_flow_control_asks_for_a_wait(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("flow_control", times=1)
    with pytest.raises(Busy) as wait:
        await talking.send_text(chat, buyer, "在的")
    assert wait.value.retry_after_s == QUICK.busy_s
    assert await sent(world) == []


@pytest.mark.parametrize(("dial", "happened"), [("timeout_after_effect", True), ("timeout_before_effect", False)])
async def test_a_text_without_an_answer_is_unknown_and_history_tells(world, talking, item, dial, happened):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault(dial, times=1, on="send")
    with pytest.raises(Unknown):
        await talking.send_text(chat, buyer, "在的")
    said = [message.text for message in await talking.list_messages(chat, LONG_AGO) if message.sender_id != buyer]
    assert said == (["在的"] if happened else [])


async def test_a_line_lost_under_a_text_leaves_it_unknown(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("timeout_after_effect", times=1, on="send")
    text = asyncio.create_task(talking.send_text(chat, buyer, "在的"))
    while not await sent(world):  # noqa: ASYNC110 - the world is another party: it cannot set our event
        await asyncio.sleep(0.01)
    await world.control.post("/reset_connection", account="shop", how="close")
    with pytest.raises(Unknown):
        await text


async def test_without_a_line_a_text_was_not_sent(market):
    with pytest.raises(MarketDown):
        await market.send_text("1", "2", "在的")


async def test_a_chat_is_opened_or_found(world, talking, item):
    buyer = await world.control.buyer()
    chat = await talking.open_chat(buyer, item)
    assert await talking.open_chat(buyer, item) == chat
    with pytest.raises(Refused):
        await talking.open_chat("1", item)


async def test_conversations_are_listed_newest_first_without_the_platforms_own(world, talking, item):
    first, second = await world.control.buyer("甲"), await world.control.buyer("乙")
    await world.control.talk(first, item, "一")
    await asyncio.sleep(0.01)
    after = datetime.now(UTC)
    await asyncio.sleep(0.01)
    await world.control.talk(second, item, "二")
    found = await talking.list_conversations(LONG_AGO)
    assert [(one.buyer_user_id, one.buyer_nick, one.item_id) for one in found] == [
        (second, "乙", item),
        (first, "甲", item),
    ]
    assert [one.buyer_user_id for one in await talking.list_conversations(after)] == [second]


async def test_long_lists_of_conversations_are_read_to_their_end(world, talking, item):
    for number in range(120):
        await world.control.talk(await world.control.buyer(), item, str(number))
    assert len(await talking.list_conversations(LONG_AGO)) == 120


async def test_a_long_history_is_read_to_its_end_oldest_first_from_an_instant(world, talking, item):
    buyer = await world.control.buyer()
    for number in range(230):
        chat = (await world.control.talk(buyer, item, str(number)))["chat_id"]
    found = await talking.list_messages(chat, LONG_AGO)
    assert [message.text for message in found] == [str(number) for number in range(230)]
    assert all(message.user_authored for message in found)
    late = await talking.list_messages(chat, found[200].sent_at)
    assert [message.text for message in late] == [str(number) for number in range(200, 230)]


async def test_history_holds_cards_too_and_says_that_nobody_typed_them(world, talking, item):
    _, _, chat = await paid_order(world, item)
    found = await talking.list_messages(chat, LONG_AGO)
    assert found and not any(message.user_authored for message in found)
    records = await talking.list_history(chat, LONG_AGO)
    assert "pending_payment" in {record.event.platform_status for record in records}


async def test_what_is_refused_over_the_line_is_refused(talking):
    with pytest.raises(Refused):
        await talking.list_messages("404", LONG_AGO)
