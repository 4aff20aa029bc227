"""Chats over the socket: history, conversations, what is pushed and what never is."""

import asyncio
import base64
import json

import pytest

from tests.contract.test_world_client import body_of, counter, says


async def test_what_is_said_while_nobody_listens_stands_only_in_history():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "第一句"))["chat_id"]
        await client.until(says("第一句"))
        await world.control.post("/reset_connection", account="shop", how="close")
        await client.ws.wait_closed()
        await world.control.talk(buyer_id, item_id, "没人听见")
        await client.connect()
        assert await client.silence(says("没人听见"))
        models = (await client.history(chat_id))["userMessageModels"]
        texts = [model["message"]["extension"]["reminderContent"] for model in models]
        assert texts == ["没人听见", "第一句"]


async def test_history_is_paged_newest_first_without_gaps_or_repeats():
    async with counter() as (world, client, item_id, buyer_id):
        for number in range(7):
            chat_id = (await world.control.talk(buyer_id, item_id, f"第{number}句"))["chat_id"]
        cursor, seen = 9007199254740991, []
        while True:
            page = await client.history(chat_id, cursor, 3)
            seen += [model["message"]["extension"]["reminderContent"] for model in page["userMessageModels"]]
            cursor = page["nextCursor"]
            if not page["hasMore"]:
                break
        assert seen == [f"第{number}句" for number in reversed(range(7))]


async def test_a_history_line_carries_the_pushs_ids_and_content():
    async with counter() as (world, client, item_id, buyer_id):
        talk = await world.control.talk(buyer_id, item_id, "多少钱")
        (model,) = (await client.history(talk["chat_id"]))["userMessageModels"]
        message = model["message"]
        content = json.loads(base64.b64decode(message["content"]["custom"]["data"]))
        assert (message["messageId"], content["text"]["text"]) == (talk["pnm_id"], "多少钱")
        assert json.loads(message["extension"]["extJson"])["messageId"] == talk["message_id"]
        assert message["sender"]["uid"] == f"{buyer_id}@goofish"


async def test_more_than_a_hundred_lines_at_once_or_a_foreign_chat_are_refused():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        for body in ([f"{chat_id}@goofish", False, 9007199254740991, 101, False], ["1@goofish", False, 9, 20, False]):
            assert (await client.rpc("/r/MessageManager/listUserMessages", body))["code"] == 400


async def test_conversations_come_latest_first_with_the_platforms_own_last():
    async with counter() as (world, client, item_id, buyer_id):
        other = await world.control.buyer("小红")
        first = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        await asyncio.sleep(0.002)
        second = (await world.control.talk(other, item_id, "还在吗"))["chat_id"]
        body = (await client.rpc("/r/Conversation/listNewestPagination", [9007199254740991, 50]))["body"]
        rows = [row["singleChatUserConversation"] for row in body["userConvs"]]
        singles = [row["singleChatConversation"] for row in rows]
        assert [single["cid"] for single in singles[:2]] == [f"{second}@goofish", f"{first}@goofish"]
        assert singles[-1]["pairSecond"] == "0@goofish"
        assert singles[0]["extension"]["itemId"] == item_id
        assert rows[0]["lastMessage"]["message"]["content"]["custom"]["summary"] == "还在吗"
        page = (await client.rpc("/r/Conversation/listNewestPagination", [9007199254740991, 1]))["body"]
        assert page["hasMore"]
        rest = (await client.rpc("/r/Conversation/listNewestPagination", [page["nextCursor"], 50]))["body"]
        assert len(page["userConvs"] + rest["userConvs"]) == 3


async def test_a_chat_is_made_for_a_known_buyer_and_item_only():
    async with counter() as (_world, client, item_id, buyer_id):
        wish = {"pairFirst": f"{buyer_id}@goofish", "pairSecond": f"{client.jar['unb']}@goofish", "bizType": "1"}
        made = await client.rpc("/r/SingleChatConversation/create", [wish | {"extension": {"itemId": item_id}}])
        cid = made["body"]["singleChatConversation"]["cid"].removesuffix("@goofish")
        assert (await client.send(cid, buyer_id, "您好"))["body"]["messageId"]
        refused = await client.rpc("/r/SingleChatConversation/create", [wish | {"extension": {"itemId": "1"}}])
        assert refused["code"] == 400


async def test_a_conversation_may_not_be_opened():
    async with counter() as (world, client, item_id, buyer_id):
        wish = {"pairFirst": f"{buyer_id}@goofish", "pairSecond": f"{client.jar['unb']}@goofish", "bizType": "1"}
        await world.control.fault("chat_refused", times=1)
        for code in (400, 200):
            made = await client.rpc("/r/SingleChatConversation/create", [wish | {"extension": {"itemId": item_id}}])
            assert made["code"] == code


async def test_a_text_to_a_wrong_chat_or_wrong_people_is_refused_and_never_sent():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        assert (await client.send("1", buyer_id, "在的"))["code"] == 400
        assert (await client.send(chat_id, "1", "在的"))["code"] == 400
        assert (await client.rpc("/r/MessageSend/sendByReceiverScope", {"text": "在的"}))["code"] == 400
        assert await world.control.record("sent") == []


async def test_the_sellers_own_hand_echoes_as_an_ordinary_line():
    async with counter() as (world, client, item_id, buyer_id):
        chat_id = (await world.control.talk(buyer_id, item_id, "在吗"))["chat_id"]
        await world.control.type_by_hand(chat_id, "我自己来")
        body = body_of(await client.until(says("我自己来")))
        assert (body[10]["senderUserId"], body[10]["_platform"], body[7]) == (client.jar["unb"], "android", 2)
        (typed,) = await world.control.record("typed")
        assert (typed["text"], await world.control.record("sent")) == ("我自己来", [])


async def test_a_picture_says_only_that_it_is_one():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.post("/talk", buyer_id=buyer_id, item_id=item_id, image="https://example.test/a.heic")
        body = body_of(await client.until(says("[图片]")))
        assert json.loads(body[6][3][5])["image"]["pics"][0]["url"] == "https://example.test/a.heic"


async def test_a_new_chat_is_announced_with_its_item_as_plain_json():
    async with counter() as (world, client, item_id, buyer_id):
        talk = await world.control.talk(buyer_id, item_id, "在吗")
        _, _, frame = await client.frame()
        (entry,) = frame["body"]["syncPushPackage"]["data"]
        session = json.loads(base64.b64decode(entry["data"]))["operation"]["sessionInfo"]
        assert (entry["bizType"], entry["objectType"]) == (370, 370000)
        assert (session["sessionId"], session["extensions"]["itemId"]) == (talk["chat_id"], item_id)


async def test_a_line_comes_with_typing_a_light_notice_and_receipts_for_what_was_unread():
    async with counter() as (world, client, item_id, buyer_id):
        talk = await world.control.talk(buyer_id, item_id, "在吗")
        await client.until(lambda record: isinstance(record.get(1), list) and record[1][0][3] == 1)
        line, notice = await client.records()
        assert says("在吗")(line)
        assert notice[3] == talk["pnm_id"]
        sent = (await client.send(talk["chat_id"], buyer_id, "在"))["body"]["messageId"]
        await world.control.talk(buyer_id, item_id, "好")
        receipt = await client.until(lambda record: record.get(2) == 2)
        assert receipt[1] == sent


async def test_an_unacknowledged_push_comes_again_until_it_is_acknowledged():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.post("/timing", redeliver_s=0.1)
        client.acks = False
        await world.control.talk(buyer_id, item_id, "听到了吗")
        await client.until(says("听到了吗"))
        await client.until(says("听到了吗"))
        client.acks = True
        for _ in range(3):
            await client.frame()
        await client.rpc("/!", None)
        assert (await world.control.get("/state"))["connections"][0]["unacked"] == 0
        while not client.pushes.empty():
            client.pushes.get_nowait()
        assert await client.silence(says("听到了吗"))


async def test_an_ack_with_an_unknown_mid_acknowledges_nothing():
    async with counter() as (world, client, item_id, buyer_id):
        client.acks = False
        await world.control.talk(buyer_id, item_id, "在吗")
        await client.until(says("在吗"))
        await client.ws.send(json.dumps({"code": 200, "headers": {"mid": "made-up 0"}}))
        await client.rpc("/!", None)
        assert (await world.control.get("/state"))["connections"][0]["unacked"] >= 1


async def test_a_kicked_client_is_told_and_cut():
    async with counter() as (world, client, _item_id, _buyer_id):
        await world.control.post("/reset_connection", account="shop", how="kickout")
        assert (await client.others.get())["lwp"] == "/push/kickout"
        await client.ws.wait_closed()
        with pytest.raises(Exception, match=r"close|1000"):
            await client.ws.send("{}")


async def test_a_half_closed_socket_stays_open_and_says_nothing():
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.post("/reset_connection", account="shop", how="half_close")
        await world.control.talk(buyer_id, item_id, "在吗")
        with pytest.raises(TimeoutError):
            await client.rpc("/!", None, timeout=0.2)
        assert client.pushes.empty()
        assert client.ws.close_code is None


async def test_a_second_registration_of_a_device_takes_the_pushes_over():
    async with counter() as (world, client, item_id, buyer_id):
        old = client.ws, client.reader
        await client.connect()
        await world.control.talk(buyer_id, item_id, "在吗")
        await client.until(says("在吗"))
        assert await client.silence(says("在吗"))
        old[1].cancel()
        old[0].transport.abort()
        await old[0].wait_closed()
