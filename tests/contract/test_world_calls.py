"""The market's HTTP calls: token, sign, session, and what each call answers."""

import time

import pytest

from core.sandbox import ControlRefused, World
from tests.contract.test_world_client import IM_KEY, BareClient, counter, reminds, says, shop

TOKEN = "mtop.taobao.idlemessage.pc.login.token"
USER = "mtop.taobao.idlemessage.pc.loginuser.get"
DETAIL = "mtop.idle.web.trade.order.detail"
RENDER = "mtop.taobao.idle.logistic.consign.render"
DUMMY = "mtop.taobao.idle.logistic.consign.dummy"
OFFLINE = "mtop.taobao.idle.logistic.consign.offline"
PLAIN = "mtop.taobao.idle.trade.sold.get"
MERCHANT = "mtop.taobao.idle.trade.merchant.sold.get"
SOLD = {"pageNumber": 1, "rowsPerPage": 20, "orderIds": "", "queryCode": "ALL", "orderSearchParam": "{}"}


def dummy(order_id):
    return {"orderId": order_id, "tradeText": "", "picList": "[]", "newUnconsign": True}


def offline(order_id, mail_no="YT12345678"):
    return {"orderId": order_id, "mailNo": mail_no, "cpCode": "YTO", "addressId": "sender-1", "brandCode": "YTO"}


async def paid(world, buyer_id, item_id):
    order_id = (await world.control.order(buyer_id, item_id))["order_id"]
    await world.control.pay(order_id)
    return order_id


async def test_a_missing_h5_token_is_handed_out_and_then_accepted():
    async with World.open() as world, shop(world) as client:
        del client.jar["_m_h5_tk"]
        assert (await client.mtop(USER, {}))["ret"] == ["FAIL_SYS_TOKEN_EMPTY::令牌为空"]
        assert "_m_h5_tk" in client.jar
        assert (await client.mtop(USER, {}))["data"]["userId"] == client.jar["unb"]


async def test_a_stale_h5_token_is_rotated_and_the_old_sign_is_worth_nothing():
    async with World.open() as world, shop(world) as client:
        client.jar["_m_h5_tk"] = f"{'0' * 32}_1789142000000"
        assert (await client.mtop(USER, {}))["ret"] == ["FAIL_SYS_TOKEN_EXOIRED::令牌过期"]
        assert (await client.mtop(USER, {}))["ret"] == ["SUCCESS::调用成功"]


async def test_a_token_with_a_foreign_enc_is_illegal():
    async with World.open() as world, shop(world) as client:
        client.jar["_m_h5_tk_enc"] = "0" * 32
        assert (await client.mtop(USER, {}))["ret"][0].startswith("FAIL_SYS_TOKEN_ILLEGAL")


@pytest.mark.parametrize(
    "wrong", [{"sign": "0" * 32}, {"t": int(time.time() * 1000) - 3_600_000}, {"app_key": "30075177"}, {"t": "soon"}]
)
async def test_a_wrong_sign_time_or_key_is_an_illegal_access(wrong):
    async with World.open() as world, shop(world) as client:
        assert (await client.mtop(USER, {}, **wrong))["ret"] == ["FAIL_SYS_ILLEGAL_ACCESS::非法请求"]


@pytest.mark.parametrize("cookie", ["cookie2", "unb"])
async def test_without_a_live_session_nothing_is_allowed(cookie):
    async with World.open() as world, shop(world) as client:
        client.jar[cookie] = "stranger"
        assert (await client.mtop(USER, {}))["ret"] == ["FAIL_SYS_SESSION_EXPIRED::Session过期"]
        assert not await has_login(client)


async def has_login(client):
    cookie = "; ".join(f"{k}={v}" for k, v in client.jar.items())
    answer = await client.http.post(
        f"{client.addresses['passport']}/newlogin/hasLogin.do?appName=xianyu&fromSite=77",
        data={"hid": client.jar["unb"], "hsiz": client.jar["cookie2"]},
        headers={"cookie": cookie},
    )
    return answer.json()["content"]["success"]


async def test_a_live_session_is_kept_alive():
    async with World.open() as world, shop(world) as client:
        assert await has_login(client)


async def test_an_access_token_comes_with_its_lifetime_and_not_for_a_foreign_app():
    async with World.open() as world, shop(world) as client:
        answer = await client.mtop(TOKEN, {"appKey": IM_KEY, "deviceId": client.did})
        assert answer["data"]["accessTokenExpiredTime"] == "86625466"
        assert not (await client.mtop(TOKEN, {"appKey": "x", "deviceId": client.did}))["ret"][0].startswith("SUCCESS")


async def test_the_order_detail_tells_the_truth_at_each_step():
    async with counter(virtual=False, postage_fen=500) as (world, client, item_id, buyer_id):
        order_id = (await world.control.order(buyer_id, item_id, quantity=2))["order_id"]

        async def look():
            data = (await client.call(DETAIL, {"tid": order_id}))["data"]
            parts = {part["render"]: part["data"] for part in data["components"]}
            nodes = {node["title"]: node["completed"] for node in parts["orderStatusVO"]["orderStatusNodeList"]}
            return data, parts, nodes

        data, parts, nodes = await look()
        assert (data["itemId"], data["peerUserId"], data["utArgs"]["orderStatus"]) == (item_id, buyer_id, "1")
        assert parts["orderInfoVO"]["priceInfo"]["amount"]["value"] == "44.80"
        assert parts["orderInfoVO"]["itemInfo"]["buyAmount"] == "2"
        assert (nodes["已付款"], nodes["已发货"]) == (False, False)
        await world.control.pay(order_id)
        data, parts, nodes = await look()
        assert (data["utArgs"]["orderStatus"], nodes["已付款"], nodes["已发货"]) == ("2", True, False)
        assert parts["orderStatusVO"]["orderStatusInfo"]["title"] == "待发货"
        await world.control.act("ship_in_app", order_id)
        assert (await look())[2]["已发货"] is True


async def test_another_sellers_order_does_not_exist():
    async with counter() as (world, _client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        other = BareClient(world.addresses, (await world.control.account("other"))["cookie"])
        for api, data in ((DETAIL, {"tid": order_id}), (DUMMY, dummy(order_id))):
            assert (await other.call(api, data))["ret"] == ["FAIL_BIZ_ORDER_NOT_FOUND::订单不存在"]
        await other.close()
        assert await world.control.record("shipped") == []


async def test_a_virtual_shipment_happens_once_however_often_it_is_asked():
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        assert (await client.call(DUMMY, dummy(order_id)))["ret"] == ["SUCCESS::调用成功"]
        for _ in range(2):
            again = await client.call(DUMMY, dummy(order_id))
            assert again["ret"] == ["FAIL_BIZ_ORDER_ALREADY_DELIVERY::已发货成功"]
        (shipped,) = await world.control.record("shipped")
        assert (shipped["order_id"], shipped["how"]) == (order_id, "dummy")
        await client.until(reminds("等待买家收货"))


async def test_an_unpaid_refunding_or_closed_order_cannot_be_shipped():
    async with counter() as (world, client, item_id, buyer_id):
        unpaid = (await world.control.order(buyer_id, item_id))["order_id"]
        refunding, closed = [await paid(world, buyer_id, item_id) for _ in range(2)]
        await world.control.act("ask_refund", refunding)
        await world.control.act("cancel", closed)
        for order_id in (unpaid, refunding, closed):
            assert (await client.call(DUMMY, dummy(order_id)))["ret"] == ["FAIL_BIZ_ORDER_STATUS_ERROR::订单状态错误"]
        assert await world.control.record("shipped") == []
        await world.control.act("withdraw_refund", refunding)
        assert (await client.call(DUMMY, dummy(refunding)))["ret"] == ["SUCCESS::调用成功"]


async def test_a_tracking_number_is_checked_and_recorded():
    async with counter(virtual=False) as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        render = (await client.call(RENDER, {"orderId": order_id, "pageSource": "idleDelivery"}))["data"]
        assert "OFFLINE_CONSIGN" in render["idleLogisticTypes"]
        assert render["senderAddressInfo"]["addressId"] == "sender-1"
        assert not (await client.call(OFFLINE, offline(order_id, "短")))["ret"][0].startswith("SUCCESS")
        spoken = {**offline(order_id), "cpCode": "圆通"}
        assert not (await client.call(OFFLINE, spoken))["ret"][0].startswith("SUCCESS")
        elsewhere = {**offline(order_id), "addressId": "sender-2"}
        assert not (await client.call(OFFLINE, elsewhere))["ret"][0].startswith("SUCCESS")
        assert (await client.call(OFFLINE, offline(order_id)))["ret"] == ["SUCCESS::调用成功"]
        (shipped,) = await world.control.record("shipped")
        assert (shipped["how"], shipped["tracking_no"], shipped["company"]) == ("offline", "YT12345678", "YTO")


async def test_the_merchant_list_needs_the_merchants_shop():
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        assert (await client.call(MERCHANT, SOLD))["ret"] == ["PERMISSION_EXCEPTION::无权限访问"]
        await world.control.account("shop", merchant=True)
        (row,) = (await client.call(MERCHANT, SOLD))["data"]["module"]["items"]
        assert row["commonData"]["orderId"] == order_id
        assert (row["commonData"]["orderStatus"], row["commonData"]["inRefund"]) == ("待发货", "false")
        assert (row["priceVO"], row["buyerInfoVO"]["buyerId"]) == ({"totalPrice": "19.90", "buyNum": "1"}, buyer_id)


async def test_the_plain_list_shows_what_is_to_ship_a_page_at_a_time():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.post("/burst", kind="orders", count=23, chats=3)
        await world.control.order(buyer_id, item_id)
        seen = []
        for offset in (0, 20, 40):
            page = (await client.call(PLAIN, {"orderStatus": "NOT_SHIP", "offsetRow": offset}, "5.0"))["data"]["items"]
            seen += page
        assert len({row["bizOrderId"] for row in seen}) == len(seen) == 23
        assert {(row["orderStatus"], row["totalFee"]) for row in seen} == {("2", "1990")}


async def test_the_head_of_a_chat_names_its_newest_order():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        ask = {"itemId": item_id, "sessionId": int(chat_id), "sessionType": 1}
        api = "mtop.idle.trade.pc.message.headinfo"
        assert "utArgs" not in (await client.call(api, ask))["data"]["commonData"]
        order_id = await paid(world, buyer_id, item_id)
        data = (await client.call(api, ask))["data"]
        assert data["commonData"]["utArgs"]["orderId"] == order_id
        assert data["right"]["data"]["btnList"][0]["tradeAction"] == "LOGISTICS_SEND"


async def test_items_are_listed_and_described():
    async with counter(skus=[{"spec": "颜色:红", "price_fen": 2100}]) as (_world, client, item_id, _):
        detail = (await client.call("mtop.taobao.idle.pc.detail", {"itemId": item_id}))["data"]["itemDO"]
        assert (detail["title"], detail["soldPrice"]) == ("手机壳", "19.90")
        assert detail["skuList"][0]["price"] == 2100
        assert detail["skuList"][0]["propertyList"] == [{"propertyText": "颜色", "valueText": "红"}]
        ask = {"pageNumber": 1, "pageSize": 20, "groupName": "在售", "userId": client.jar["unb"]}
        (card,) = (await client.call("mtop.idle.web.xyh.item.list", ask))["data"]["cardList"]
        assert card["cardData"]["id"] == item_id


async def test_an_unknown_call_or_version_is_not_found():
    async with World.open() as world, shop(world) as client:
        for api, version in (("mtop.nothing.at.all", "1.0"), (USER, "9.0")):
            assert (await client.call(api, {}, version))["ret"][0].startswith("FAIL_SYS_API_NOT_FOUNDED")


async def test_a_picture_is_uploaded_only_with_a_session_and_a_file():
    async with World.open() as world, shop(world) as client:
        url = f"{world.addresses['upload']}/api/upload.api"
        cookie = {"cookie": "; ".join(f"{k}={v}" for k, v in client.jar.items())}
        picture = {"file": ("a.jpg", b"\xff\xd8", "image/jpeg")}
        done = (await client.http.post(url, files=picture, headers=cookie)).json()
        assert done["object"]["pix"] == "1080x1440"
        assert done["object"]["url"].startswith("https://")
        assert (await client.http.post(url, files=picture)).json()["success"] is False
        assert (await client.http.post(url, headers=cookie)).json()["success"] is False


async def test_the_control_refuses_what_the_platform_would_refuse():
    async with counter() as (world, _, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        with pytest.raises(ControlRefused, match="ORDER_STATUS_ERROR"):
            await world.control.act("confirm", order_id)
        with pytest.raises(ControlRefused):
            await world.control.pay("1")
        with pytest.raises(ControlRefused, match="unknown dial"):
            await world.control.fault("duplicat", probability=1)


async def test_a_bargain_is_paid_but_may_not_be_shipped_before_it_is_complete():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.account("shop", merchant=True)
        order_id = (await world.control.order(buyer_id, item_id, bargain=True))["order_id"]
        await world.control.pay(order_id)
        await client.until(says("[我已小刀，待刀成]"))
        assert (await client.call(DUMMY, dummy(order_id)))["ret"] == ["FAIL_BIZ_ORDER_STATUS_ERROR::订单状态错误"]
        (row,) = (await client.call(MERCHANT, SOLD))["data"]["module"]["items"]
        assert row["rightVO"]["btnList"] == [{"tradeAction": "SKIP_PIN"}]
        status = (await client.call(DETAIL, {"tid": order_id}))["data"]["components"][0]["data"]
        titles = [node["title"] for node in status["orderStatusNodeList"]]
        assert (status["orderStatusInfo"]["title"], "待发货" in titles) == ("待刀成", False)
        await world.control.act("complete_bargain", order_id)
        await client.until(says("[我已成功小刀，待发货]"))
        assert (await client.call(DUMMY, dummy(order_id)))["ret"] == ["SUCCESS::调用成功"]
