"""The frames a seller sees in the life of an order, and the world's record of it."""

import json

import pytest

from core.sandbox import ControlRefused
from tests.contract.test_world_client import body_of, counter, reminds, says

TO_SHIP = "[我已付款，等待你发货]"


def content_of(record):
    return json.loads(body_of(record)[6][3][5])


async def test_an_order_shows_a_summary_with_the_chats_id_a_map_and_a_waiting_card():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        chat = f"{order['chat_id']}@goofish"
        summary = await client.until(reminds("等待买家付款"))
        assert summary[1] == chat
        card = await client.until(says("[我已拍下，待付款]"))
        body, content = body_of(card), content_of(card)
        main = content["dxCard"]["item"]["main"]
        assert (body[7], body[6][3][4], content["contentType"]) == (1, 26, 26)
        assert main["targetUrl"] == f"fleamarket://order_detail?id={order['order_id']}&role=seller"
        assert main["exContent"]["button"]["targetUrl"].endswith(f"bizOrderId={order['order_id']}")
        key = json.loads(body[10]["extJson"])["updateKey"]
        assert key == f"{order['chat_id']}:{order['order_id']}:1_not_pay_seller"
        assert (body[10]["receiver"], body[10]["senderUserId"]) == (client.jar["unb"], buyer_id)


async def test_the_map_from_chat_to_order_comes_with_the_summary():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        found = await client.until(lambda record: isinstance(record.get(3), dict) and "orderId" in record[3])
        facts = found[3]
        assert (found[1], facts["orderId"]) == (f"{order['chat_id']}@goofish", order["order_id"])
        assert (facts["extUserId"], facts["itemId"], facts["itemSellerId"]) == (buyer_id, item_id, client.jar["unb"])


@pytest.mark.parametrize(("virtual", "code", "page"), [(True, "64", "noPostageRequired"), (False, "63", "idleDeliver")])
async def test_a_paid_card_tells_whether_postage_is_needed(virtual, code, page):
    async with counter(virtual=virtual) as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        await world.control.pay(order["order_id"], show="card")
        await client.until(reminds("等待卖家发货"))
        card = await client.until(says(TO_SHIP))
        key = json.loads(body_of(card)[10]["extJson"])["updateKey"]
        assert key == f"{order['chat_id']}:{order['order_id']}:{code}:TRADE_PAID_DONE_SELLER:26"
        button = content_of(card)["dxCard"]["item"]["main"]["exContent"]["button"]["targetUrl"]
        assert page in button
        assert button.endswith(f"orderId={order['order_id']}")


async def test_a_payment_may_only_update_the_waiting_card():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        card = body_of(await client.until(says("[我已拍下，待付款]")))
        await world.control.pay(order["order_id"], show="update")
        update = await client.until(lambda record: isinstance(record.get(4), dict) and "updateKey" in record[4])
        assert (update[1], update[2]) == (card[3], card[2])
        assert update[4]["updateKey"].startswith(f"{order['chat_id']}:{order['order_id']}:64:")
        assert update[4]["reminderContent"] == TO_SHIP
        assert await client.silence(says(TO_SHIP))


async def test_without_a_wish_the_seed_decides_how_a_payment_shows():
    async def shown(seed):
        async with counter(seed) as (world, client, item_id, buyer_id):
            kinds = []
            for _ in range(6):
                order = await world.control.order(buyer_id, item_id)
                await world.control.pay(order["order_id"])
                record = await client.until(lambda one: says(TO_SHIP)(one) or isinstance(one.get(4), dict))
                kinds.append(body_of(record) is None)
            return order["order_id"], kinds

    first = await shown(3)
    assert first == await shown(3)
    assert set(first[1]) == {True, False}


async def test_shipping_confirming_and_rating_show_as_tips_and_a_card():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        await world.control.pay(order["order_id"])
        await world.control.act("ship_in_app", order["order_id"])
        tip = await client.until(says("[你已发货]"))
        assert (body_of(tip)[7], body_of(tip)[6][3][4], body_of(tip)[10]["detailNotice"]) == (1, 14, "等待买家收货")
        await world.control.act("confirm", order["order_id"])
        await client.until(reminds("交易成功"))
        await client.until(says("[买家确认收货，交易成功]"))
        await world.control.act("rate", order["order_id"])
        rated = body_of(await client.until(says("[我完成了评价]")))
        assert "BUYER_RATE_SELLER" in rated[10]["extJson"]


async def test_a_refund_card_names_no_order_and_ends_in_a_tip():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        await world.control.pay(order["order_id"])
        await world.control.act("ask_refund", order["order_id"])
        card = await client.until(says("[我发起了退款申请]"))
        assert body_of(card)[10]["redReminder"] == "买家申请退款"
        assert order["order_id"] not in json.dumps(card)
        await world.control.act("withdraw_refund", order["order_id"])
        await client.until(reminds("等待卖家发货"))
        await world.control.act("ask_refund", order["order_id"])
        await world.control.act("agree_refund", order["order_id"])
        await client.until(says("[退款成功，钱款已原路退返]"))


@pytest.mark.parametrize(
    ("by", "tip"), [("seller", "[未付款，你关闭了订单]"), ("timeout", "超时未付款，系统关闭了订单")]
)
async def test_an_unpaid_order_closes_with_a_summary_and_the_closers_tip(by, tip):
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        await world.control.act("cancel", order["order_id"], by=by)
        await client.until(reminds("交易关闭"))
        await client.until(says(tip))


async def test_a_changed_price_leaves_the_order_unpaid():
    async with counter() as (world, client, item_id, buyer_id):
        order = await world.control.order(buyer_id, item_id)
        changed = await world.control.act("change_price", order["order_id"], amount_fen=1500)
        assert (changed["status"], changed["amount_fen"]) == ("pending_payment", 1500)
        card = body_of(await client.until(says("[我已修改价格，等待你付款]")))
        assert "TRADE_MODIFY_FEE_SELLER" in card[10]["extJson"]


async def test_the_record_tells_the_whole_story_in_order():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "拍了"))["chat_id"]
        order = await world.control.order(buyer_id, item_id, amount_fen=1234)
        await world.control.pay(order["order_id"])
        await client.send(chat_id, buyer_id, "马上发")
        await world.control.act("ship_in_app", order["order_id"], tracking_no="SF12345678", company="SF")
        entries = await world.control.record()
        assert [entry["kind"] for entry in entries] == ["buyer_said", "ordered", "paid", "sent", "shipped"]
        assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
        assert (entries[2]["amount_fen"], entries[4]["how"], entries[4]["tracking_no"]) == (1234, "app", "SF12345678")


@pytest.mark.parametrize("kind", ["orders", "chats"])
async def test_a_burst_is_pushed_whole_and_exists_in_the_world(kind):
    async with counter() as (world, client, _item_id, _):
        answer = await world.control.post("/burst", kind=kind, count=300, chats=7, in_flight=20)
        assert (answer["pushed"], answer["acked"]) == (300, 300)
        seen = [
            body_of(record)[3]
            for _ in range(client.pushes.qsize())
            for record in await client.records()
            if body_of(record)
        ]
        assert len(set(seen)) == 300
        if kind == "orders":
            orders = (await world.control.get("/orders"))["orders"]
            assert {order["status"] for order in orders} == {"pending_ship"}
            assert len(await world.control.record("paid")) == 300


async def test_a_burst_without_a_listener_is_refused_and_one_unacknowledged_ends():
    async with counter() as (world, client, _, __):
        client.acks = False
        answer = await world.control.post("/burst", kind="orders", count=30, chats=3, in_flight=10, wait_s=0.3)
        assert (answer["pushed"], answer["acked"]) == (30, 0)
        await client.close()
        with pytest.raises(ControlRefused, match="registered"):
            await world.control.post("/burst", kind="orders", count=1)
