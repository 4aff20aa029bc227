"""Every dial does what it says, and nothing when it is off."""

import asyncio
from pathlib import Path

import pytest

from core.sandbox.faults import DIALS
from tests.contract.browser import Browser
from tests.contract.test_world_calls import DUMMY, PLAIN, USER, dummy, has_login, paid
from tests.contract.test_world_client import body_of, counter, decode, says, shop


@pytest.fixture
async def browsing(world):
    async with Browser.on(world) as browser:
        yield browser


async def test_a_duplicate_comes_in_two_frames_with_the_same_ids():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.fault("duplicate", times=1, on="message")
        await world.control.talk(buyer_id, item_id, "一次")
        one, two = [body_of(await client.until(says("一次"))) for _ in range(2)]
        assert one == two
        await world.control.talk(buyer_id, item_id, "只一次")
        await client.until(says("只一次"))
        assert await client.silence(says("只一次"))


async def lines(client, count):
    texts = []
    while len(texts) < count:
        texts += [body[10]["reminderContent"] for record in await client.records() if (body := body_of(record))]
    return texts


async def test_reordered_lines_swap_places():
    async with counter() as (world, client, item_id, buyer_id):
        chat = await world.control.talk(buyer_id, item_id, "在吗")
        assert await lines(client, 1) == ["在吗"]
        await world.control.post("/faults", dial="reorder", next=1, on="echo", by_s=5)
        for text in ("先说", "后说"):
            await world.control.type_by_hand(chat["chat_id"], text)
        assert await lines(client, 2) == ["后说", "先说"]
        for text in ("三", "四"):
            await world.control.type_by_hand(chat["chat_id"], text)
        assert await lines(client, 2) == ["三", "四"]


async def test_a_delayed_push_comes_later_than_what_followed_it():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.post("/faults", dial="delay", next=1, on="message", by_s=0.2)
        for text in ("慢", "快"):
            await world.control.talk(buyer_id, item_id, text)
        assert await lines(client, 2) == ["快", "慢"]


async def test_a_dropped_push_stands_only_in_history():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.fault("drop", times=1, on="message")
        chat_id = (await world.control.talk(buyer_id, item_id, "丢了"))["chat_id"]
        assert await client.silence(says("丢了"))
        (model,) = (await client.history(chat_id))["userMessageModels"]
        assert model["message"]["extension"]["reminderContent"] == "丢了"
        await world.control.talk(buyer_id, item_id, "没丢")
        await client.until(says("没丢"))


async def test_a_half_close_leaves_a_silent_socket():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.fault("half_close", times=1, on="message")
        assert (await client.rpc("/!", None))["code"] == 200
        await world.control.talk(buyer_id, item_id, "在吗")
        assert await client.silence(says("在吗"))
        with pytest.raises(TimeoutError):
            await client.rpc("/!", None, timeout=0.2)
        assert client.ws.close_code is None


async def test_a_renewed_token_may_make_the_older_socket_deaf():
    async with counter() as (world, client, item_id, buyer_id):
        await client.token()
        await world.control.talk(buyer_id, item_id, "听得见")
        await client.until(says("听得见"))
        await world.control.fault("deaf_after_renewal", times=1)
        token = await client.token()
        await world.control.talk(buyer_id, item_id, "听不见")
        assert await client.silence(says("听不见"))
        assert (await client.rpc("/!", None))["code"] == 200
        async with shop(world, did=client.did) as fresh:
            await fresh.connect(token=token)
            await world.control.talk(buyer_id, item_id, "又听见")
            await fresh.until(says("又听见"))


@pytest.mark.parametrize("on", [True, False])
async def test_unacknowledged_pushes_come_again_on_the_next_socket_when_dialled(on):
    async with counter() as (world, client, item_id, buyer_id):
        client.acks = False
        await world.control.talk(buyer_id, item_id, "没确认")
        await client.until(says("没确认"))
        await world.control.fault("redeliver_on_reconnect", probability=float(on))
        await world.control.post("/reset_connection", account="shop", how="close")
        await client.ws.wait_closed()
        client.acks = True
        await client.connect()
        assert await client.silence(says("没确认")) is not on


@pytest.mark.parametrize("dial", ["malformed_record", "unknown_record", "big_frame"])
async def test_junk_travels_before_a_good_record(dial):
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.fault(dial, times=1, on="message")
        await world.control.talk(buyer_id, item_id, "好的记录")
        while True:
            _, text, frame = await client.frame()
            data = frame["body"]["syncPushPackage"]["data"]
            if len(data) == 3:
                break
        assert (len(text) >= 1 << 20) is (dial == "big_frame")
        assert data[0]["bizType"] == {"malformed_record": 40, "unknown_record": 9901, "big_frame": 50}[dial]
        assert body_of(decode(data[1]))[10]["reminderContent"] == "好的记录"
        assert (decode(data[0]) is None) is (dial == "malformed_record")


async def test_the_newer_shape_has_one_level_more_and_no_url():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.fault("nested_shape", times=1, on="message")
        for text in ("新样子", "老样子"):
            await world.control.talk(buyer_id, item_id, text)
        new, old = await client.until(says("新样子")), await client.until(says("老样子"))
        assert "reminderUrl" not in new[1][1][10]
        assert "reminderUrl" in old[1][10]


async def test_a_stale_token_can_be_dialled_for_a_call_and_for_registration():
    async with counter() as (world, client, _, _):
        await world.control.fault("expired_token", times=1, on="loginuser.get")
        before = client.jar["_m_h5_tk"]
        assert (await client.mtop(USER, {}))["ret"] == ["FAIL_SYS_TOKEN_EXOIRED::令牌过期"]
        assert client.jar["_m_h5_tk"] != before
        assert (await client.mtop(USER, {}))["ret"] == ["SUCCESS::调用成功"]
        await world.control.fault("expired_token", times=1, on="reg")
        async with shop(world) as other:
            assert (await other.connect())["body"]["reason"] == "token is expired"


async def test_an_expired_session_stays_so_until_the_dial_is_turned_back():
    async with counter() as (world, client, _, _):
        await world.control.fault("expired_session", probability=1)
        for _ in range(2):
            assert (await client.mtop(USER, {}))["ret"] == ["FAIL_SYS_SESSION_EXPIRED::Session过期"]
        assert not await has_login(client)
        await world.control.fault("expired_session", probability=0)
        assert (await client.mtop(USER, {}))["ret"] == ["SUCCESS::调用成功"]
        assert await has_login(client)


async def test_risk_control_answers_with_a_slider_address():
    async with counter() as (world, client, _, _):
        await world.control.fault("rgv587", times=1)
        answer = await client.mtop(USER, {})
        assert answer["ret"] == ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"]
        assert "punish?x5secdata" in answer["data"]["url"]
        assert (await client.mtop(USER, {}))["ret"] == ["SUCCESS::调用成功"]


async def test_a_refused_permission_can_be_dialled():
    async with counter() as (world, client, _, _):
        await world.control.fault("permission", times=1, on="loginuser.get")
        assert (await client.mtop(USER, {}))["ret"] == ["PERMISSION_EXCEPTION::无权限访问"]


async def test_a_gateway_error_does_nothing():
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        await world.control.fault("http_5xx", times=1, on="consign.dummy")
        assert (await client.mtop(DUMMY, dummy(order_id)))["ret"] == ["HTTP 502"]
        assert await world.control.record("shipped") == []
        assert (await client.mtop(DUMMY, dummy(order_id)))["ret"] == ["SUCCESS::调用成功"]


async def test_a_loose_filter_shows_more_than_was_asked():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.order(buyer_id, item_id)
        ask = {"orderStatus": "NOT_SHIP", "offsetRow": 0}
        assert (await client.call(PLAIN, ask, "5.0"))["data"]["items"] == []
        await world.control.fault("loose_filter", times=1)
        (row,) = (await client.call(PLAIN, ask, "5.0"))["data"]["items"]
        assert row["orderStatus"] == "1"


@pytest.mark.parametrize(("dial", "shipped"), [("timeout_after_effect", 1), ("timeout_before_effect", 0)])
async def test_a_shipment_without_an_answer_did_or_did_not_happen(dial, shipped):
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        await world.control.fault(dial, times=1, on="consign.dummy")
        assert (await client.mtop(USER, {}))["ret"] == ["SUCCESS::调用成功"]
        with pytest.raises(Exception, match=r"^$|[Tt]imeout") as error:
            await client.mtop(DUMMY, dummy(order_id), timeout=0.3)
        assert "Timeout" in type(error.value).__name__
        assert len(await world.control.record("shipped")) == shipped
        again = (await client.mtop(DUMMY, dummy(order_id)))["ret"][0]
        assert again.startswith("FAIL_BIZ_ORDER_ALREADY_DELIVERY" if shipped else "SUCCESS")


@pytest.mark.parametrize(("dial", "sent"), [("timeout_after_effect", 1), ("timeout_before_effect", 0)])
async def test_a_text_without_an_answer_was_or_was_not_sent(dial, sent):
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        await world.control.fault(dial, times=1, on="send")
        with pytest.raises(TimeoutError):
            await client.send(chat_id, buyer_id, "在的", timeout=0.3)
        assert len(await world.control.record("sent")) == sent
        assert len((await client.history(chat_id))["userMessageModels"]) == 1 + sent
        assert (await client.send(chat_id, buyer_id, "还在"))["code"] == 200


async def test_content_safety_refuses_with_code_200_and_sends_nothing():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        await world.control.post("/faults", dial="csi_forbid", probability=1, words=["网盘"])
        refused = await client.send(chat_id, buyer_id, "网盘给你")
        assert (refused["code"], refused["body"]["moreInfo"]) == (200, "CSI_FORBID||安全拦截")
        assert "messageId" not in refused["body"]
        assert await world.control.record("sent") == []
        assert (await client.send(chat_id, buyer_id, "给你"))["body"]["messageId"]


async def test_flow_control_refuses_and_sends_nothing():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        await world.control.fault("flow_control", times=1)
        refused = await client.send(chat_id, buyer_id, "在的")
        assert (refused["code"], refused["body"]) == (400, {"code": "400600001"})
        assert await world.control.record("sent") == []


async def test_the_same_seed_rolls_the_same_faults():
    async def lost(seed):
        async with counter(seed) as (world, client, item_id, buyer_id):
            chat_id = (await world.control.talk(buyer_id, item_id, "开始"))["chat_id"]
            await world.control.fault("drop", probability=0.5, on="echo")
            for number in range(12):
                await world.control.type_by_hand(chat_id, str(number))
            await world.control.fault("drop", probability=0, on="echo")
            await world.control.type_by_hand(chat_id, "结束")
            texts = []
            while "结束" not in texts:
                texts += await lines(client, 1)
            return texts

    first = await lost(5)
    assert first == await lost(5)
    assert 3 < len(first) < 14
    assert first != await lost(6)


async def test_the_dials_of_a_login_code_strike_and_then_leave_it_alone(browsing):
    """A code that runs out, a passport that is slow, a face that is wanted."""
    control, look = browsing.control, browsing.looks
    assert (await look())["qrCodeStatus"] == "NEW"
    await control.fault("slow_passport", times=1, on="query", by_s=0.2)
    began = asyncio.get_running_loop().time()
    await look()
    assert asyncio.get_running_loop().time() - began >= 0.2
    await control.fault("qr_expires", times=1)
    assert [(await look())["qrCodeStatus"] for _ in range(2)] == ["EXPIRED", "EXPIRED"]
    for dialled in (True, False):
        await browsing.asks()
        await control.fault("second_factor", times=int(dialled))
        await control.post("/scan")
        await control.post("/confirm_login")
        assert bool((await look()).get("iframeRedirect")) is dialled


def test_every_dial_has_a_test_here_or_in_a_file_beside():
    text = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_world_*.py"))
    assert [dial for dial in DIALS if f'"{dial}"' not in text] == []


async def test_a_whole_talk_survives_all_receiving_faults_at_once():
    async with counter(9) as (world, client, item_id, buyer_id):
        for dial in ("duplicate", "reorder", "delay", "malformed_record", "unknown_record"):
            await world.control.post("/faults", dial=dial, probability=0.3, by_s=0.02)
        for number in range(20):
            await world.control.talk(buyer_id, item_id, f"{number}")
        await asyncio.sleep(0.3)
        seen = set()
        while not client.pushes.empty():
            seen |= {body[10]["reminderContent"] for record in await client.records() if (body := body_of(record))}
        assert seen == {str(number) for number in range(20)}
        struck = (await world.control.get("/faults"))["struck"]
        assert len(struck) == 5
