"""The pretend gateway does what the facts say of the real one, seen by a client that knows nothing else."""

import asyncio
import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from bot.sandbox.wecom import WecomWorld
from core.clock import ManualClock
from tests.contract.wecom_robot import GROUP, LI, ZHANG, card, dial_in, markdown, robot

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


async def test_nothing_is_taken_before_a_subscription_and_no_wrong_secret_is():
    async with WecomWorld.open() as world:
        one = await dial_in(world)
        assert await one.push("早") == 846609
        assert await one.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": "x"}) == 853000
        assert await one.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret}) == 0
        assert await one.code("ping") == 0
        await one.close()


async def test_an_ack_has_no_command_and_the_same_req_id():
    async with robot() as (_, one):
        ack = await one.ask("ping", req_id="my-own-id")
        assert ack == {"headers": {"req_id": "my-own-id"}, "errcode": 0, "errmsg": "ok"}


async def test_a_newer_connection_kicks_the_older_one():
    async with robot() as (world, one):
        two = await dial_in(world)
        assert await two.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret}) == 0
        assert (await one.next())["body"]["event"] == {"eventtype": "disconnected_event"}
        with pytest.raises(ConnectionClosed):
            await one.push("还在吗")
        await world.people.type(GROUP, ZHANG, "在吗")
        assert (await two.next())["body"]["text"]["content"] == "@店铺助手 在吗"
        await two.close()


async def test_a_group_message_arrives_only_with_a_mention_and_keeps_it():
    async with robot() as (world, one):
        assert not await world.people.type(GROUP, ZHANG, "随便聊聊", mention=False)
        assert await world.people.type(GROUP, ZHANG, "/ship 42", quote="待审批 #42")
        body = (await one.next())["body"]
        assert (body["chatid"], body["chattype"], body["from"]) == (GROUP, "group", {"userid": ZHANG})
        assert body["text"]["content"] == "@店铺助手 /ship 42"
        assert body["quote"] == {"msgtype": "text", "text": {"content": "待审批 #42"}}


async def test_a_private_message_names_no_chat():
    async with robot() as (world, one):
        await world.people.type(LI, LI, "/stock")
        body = (await one.next())["body"]
        assert "chatid" not in body
        assert (body["chattype"], body["from"]["userid"]) == ("single", LI)
        assert await one.push("库存", LI) == 0


async def test_what_is_said_while_no_robot_is_there_is_lost_for_ever():
    async with robot() as (world, one):
        await one.close()
        await asyncio.sleep(0.05)
        assert not await world.people.type(GROUP, ZHANG, "有人吗")
        two = await dial_in(world)
        await two.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret})
        with pytest.raises(TimeoutError):
            await two.next(0.1)
        await two.close()
        assert len(world.office.noted("lost")) == 1


async def test_a_push_needs_an_exact_chat_that_has_spoken():
    async with robot() as (world, one):
        world.office.add_group("wrkOTHER")
        assert await one.push("早", "wrkOTHER") == 846607
        assert await one.push("早", GROUP.lower()) == 93006
        await world.people.type("wrkOTHER", ZHANG, "来了")
        assert await one.push("早", "wrkOTHER") == 0


async def test_a_plain_text_is_no_push_and_a_card_no_welcome_text():
    async with robot() as (world, one):
        text = {"chatid": GROUP, "msgtype": "text", "text": {"content": "早"}}
        assert await one.code("aibot_send_msg", text) == 40058
        await world.people.enter(LI)
        req_id = (await one.next())["headers"]["req_id"]
        assert await one.reply(req_id, markdown("早")) == 846605
        assert await one.code("aibot_respond_welcome_msg", {"msgtype": "text", "text": {"content": "早"}}, req_id) == 0
        again = {"msgtype": "text", "text": {"content": "早"}}
        assert await one.code("aibot_respond_welcome_msg", again, req_id) == 846605


async def test_thirty_a_minute_per_chat_pushes_and_replies_together():
    clock = ManualClock(NOW)
    async with robot(clock=clock) as (world, one):
        await world.people.type(LI, LI, "你好")
        req_id = (await one.next())["headers"]["req_id"]
        assert await one.reply(req_id, markdown("答")) == 0
        assert [await one.push(str(n), LI) for n in range(30)] == [0] * 29 + [45009]
        assert await one.push("另一个群") == 0
        clock.advance(60)
        assert await one.push("又行了", LI) == 0


async def test_a_thousand_an_hour_per_chat():
    clock = ManualClock(NOW)
    async with robot(clock=clock) as (_, one):
        for minute in range(34):
            codes = {await one.push(f"{minute}.{n}") for n in range(30 if minute < 33 else 10)}
            assert codes == {0}
            clock.advance(60)
        assert await one.push("太多") == 45009
        clock.advance(3600 - 34 * 60 + 60)
        assert await one.push("又行了") == 0


async def test_a_stream_grows_under_one_id_until_it_is_finished():
    def grow(text, *, finish, stream_id="s1"):
        return {"msgtype": "stream", "stream": {"id": stream_id, "finish": finish, "content": text}}

    async with robot() as (world, one):
        await world.people.type(GROUP, ZHANG, "统计")
        req_id = (await one.next())["headers"]["req_id"]
        assert await one.reply(req_id, grow("查询中…", finish=False)) == 0
        assert await one.reply(req_id, grow("另一个", finish=False, stream_id="s2")) == 846605
        assert await one.reply(req_id, grow("¥ 1", finish=True)) == 0
        assert await one.reply(req_id, grow("¥ 2", finish=True)) == 846605
        assert world.people.messages(GROUP)[-1]["stream"]["content"] == "¥ 1"


async def test_a_click_is_nested_and_changes_its_card_once_for_all_or_for_one():
    async with robot() as (world, one):
        assert await one.push_card(card()) == 0
        await world.people.click("ship-1@1", "approve", ZHANG)
        frame = await one.next()
        assert frame["body"]["event"]["template_card_event"] == {
            "card_type": "button_interaction",
            "event_key": "approve",
            "task_id": "ship-1@1",
        }
        req_id = frame["headers"]["req_id"]
        assert await one.reply(req_id, markdown("已批准")) == 846605
        assert await one.update(req_id, card("other")) == 40058
        changed = card(main_title={"title": "已批准"})
        assert await one.update(req_id, changed, [LI]) == 0
        assert world.people.card("ship-1@1", LI) == changed
        assert world.people.card("ship-1@1", ZHANG) == card()
        assert await one.update(req_id, changed) == 0
        assert world.people.card("ship-1@1", ZHANG) == changed


async def test_a_card_changes_within_five_seconds_of_a_click_only():
    async with robot() as (world, one):
        await one.push_card(card())
        await world.people.click("ship-1@1", "approve", ZHANG)
        req_id = (await one.next())["headers"]["req_id"]
        before = world.office.real
        world.office.real = lambda: before() + 5.1
        assert await one.update(req_id, card()) == 846605
        world.office.real = before
        assert await one.update(req_id, card()) == 0


async def test_a_task_id_is_good_for_one_card():
    async with robot() as (_, one):
        assert await one.push_card(card()) == 0
        assert await one.push_card(card()) == 42014


@pytest.mark.parametrize(
    "changes",
    [
        {"task_id": None},
        {"task_id": "a b"},
        {"button_list": None},
        {"main_title": None},
        {"main_title": {"title": "长" * 27}},
        {"main_title": {"title": "好", "desc": "长" * 31}},
        {"sub_title_text": "长" * 113},
        {"horizontal_content_list": [{"keyname": "金额", "value": "1"}] * 7},
        {"horizontal_content_list": [{"keyname": "六个字的名字", "value": "1"}]},
        {"horizontal_content_list": [{"keyname": "金额", "value": "长" * 27}]},
        {"button_list": [{"text": "好", "key": str(n)} for n in range(7)]},
        {"button_list": [{"text": "长" * 11, "key": "a"}]},
        {"button_list": [{"text": "好", "key": "a"}, {"text": "不", "key": "a"}]},
        {"button_list": [{"text": "好", "key": "a", "style": 5}]},
        {"card_type": "text_notice", "card_action": None},
        {"card_type": "poster"},
    ],
    ids=str,
)
async def test_a_card_out_of_its_limits_is_refused(changes):
    async with robot() as (_, one):
        assert await one.push_card(card(**changes)) == 40058
        assert await one.push_card(card()) == 0


async def test_a_file_goes_up_in_chunks_from_zero_in_any_order():
    data = bytes(range(256)) * 5000
    parts = [data[at : at + 512 * 1024] for at in range(0, len(data), 512 * 1024)]
    md5 = hashlib.md5(data).hexdigest()
    facts = {"type": "image", "filename": "图.png", "total_size": len(data), "total_chunks": len(parts), "md5": md5}
    async with robot() as (world, one):
        upload_id = (await one.ask("aibot_upload_media_init", facts))["body"]["upload_id"]
        for index in (2, 0, 1, 1):
            chunk = {"chunk_index": index, "base64_data": base64.b64encode(parts[index]).decode()}
            assert await one.code("aibot_upload_media_chunk", {"upload_id": upload_id, **chunk}) == 0
        beyond = {"upload_id": upload_id, "chunk_index": 3, "base64_data": "AAAA"}
        assert await one.code("aibot_upload_media_chunk", beyond) == 40058
        media_id = (await one.ask("aibot_upload_media_finish", {"upload_id": upload_id}))["body"]["media_id"]
        image = {"chatid": GROUP, "msgtype": "image", "image": {"media_id": media_id}}
        assert await one.code("aibot_send_msg", image) == 0
        assert world.office.media[media_id].content == data
        image["image"] = {"media_id": "MEDIAx"}
        assert await one.code("aibot_send_msg", image) == 40058


async def test_a_file_that_is_not_whole_is_refused():
    facts = {"type": "image", "filename": "a.png", "total_size": 6, "total_chunks": 1, "md5": "0" * 32}
    async with robot() as (_, one):
        upload_id = (await one.ask("aibot_upload_media_init", facts))["body"]["upload_id"]
        chunk = {"upload_id": upload_id, "chunk_index": 0, "base64_data": base64.b64encode(b"abcdef").decode()}
        assert await one.code("aibot_upload_media_chunk", chunk) == 0
        assert await one.code("aibot_upload_media_finish", {"upload_id": upload_id}) == 40058


async def test_a_silent_connection_is_closed():
    async with robot(silence_s=0.2) as (_, one):
        assert await one.code("ping") == 0
        await asyncio.wait_for(one.ws.wait_closed(), 2)
        assert one.ws.close_code == 1001


async def test_every_client_frame_of_the_samples_is_understood():
    """Refusals speak of ids and credentials that are not of this world, never of a shape."""
    frames = json.loads((Path(__file__).parent / "wecom_samples/aibot_ws_frames.json").read_text("utf-8"))["frames"]
    asked = [sample["frame"] for sample in frames if sample["direction"] == "C>S"]
    assert len(asked) > 10
    async with robot() as (world, one):
        for chat in ("wrkGROUP", "wrkSFfCgAAxxxxxxxxGROUP"):
            world.office.add_group(chat)
        foreign = {846605, 846607, 853000}
        for frame in asked:
            ack = await one.ask(frame["cmd"], frame.get("body"), frame["headers"]["req_id"])
            known = ack["errcode"] in {0, *foreign} or ack["errmsg"].endswith(("upload_id", "media_id"))
            assert known, (frame["cmd"], ack)
