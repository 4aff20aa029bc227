"""Every dial of the pretend WeCom does what it says, and nothing when it is off; so does the push robot's address."""

import asyncio
import base64
import hashlib
import json
from datetime import UTC, datetime

import httpx2
import pytest

from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.api import AGENT, CORP
from bot.sandbox.wecom.faults import DIALS
from core.clock import ManualClock
from tests.contract.wecom_robot import GROUP, ZHANG, card, robot


async def test_a_silently_dead_socket_stays_open_and_says_nothing():
    async with robot() as (world, one):
        world.office.fault("silent_death")
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await one.ask("ping", wait_s=0.1)
        assert not await world.people.type(GROUP, ZHANG, "在吗")
        assert one.ws.close_code is None


async def test_a_pong_may_be_missed():
    async with robot() as (world, one):
        world.office.fault("missed_pong")
        with pytest.raises(TimeoutError):
            await one.ask("ping", wait_s=0.1)
        assert await one.code("ping") == 0


@pytest.mark.parametrize(("dial", "sent"), [("lost_ack", 1), ("lost_command", 0)])
async def test_a_command_without_an_ack_did_or_did_not_happen(dial, sent):
    async with robot() as (world, one):
        world.office.fault(dial, on="aibot_send_msg")
        body = {"chatid": GROUP, "msgtype": "markdown", "markdown": {"content": "早"}}
        with pytest.raises(TimeoutError):
            await one.ask("aibot_send_msg", body, wait_s=0.1)
        assert len(world.office.noted("sent")) == sent
        assert await one.push("好") == 0


async def test_a_second_frame_before_a_late_ack_of_its_req_id_conflicts():
    async with robot() as (world, one):
        world.office.fault("slow_ack", on="aibot_respond_msg", by_s=0.2)
        await world.people.type(GROUP, ZHANG, "统计")
        req_id = (await one.next())["headers"]["req_id"]
        body = {"msgtype": "markdown", "markdown": {"content": "一"}}
        first = asyncio.create_task(one.ask("aibot_respond_msg", body, req_id))
        await asyncio.sleep(0.05)
        frame = {"cmd": "aibot_respond_msg", "headers": {"req_id": req_id}, "body": body}
        assert not first.done()
        await one.ws.send(json.dumps(frame))
        assert (await first)["errcode"] == 6000
        assert len(world.office.noted("replied")) == 1


@pytest.mark.parametrize(("dial", "code"), [("close", 1000), ("abort", 1006)])
async def test_the_socket_may_end_in_place_of_an_answer(dial, code):
    async with robot() as (world, one):
        world.office.fault(dial)
        with pytest.raises(TimeoutError):
            await one.ask("ping", wait_s=0.2)
        assert one.ws.close_code == code


async def facts_of_a_click(dial):
    async with robot() as (world, one):
        await one.push_card(card())
        world.office.fault(dial)
        await world.people.click("ship-1@1", "approve", ZHANG)
        frame = await one.next()
        return frame["cmd"], frame["body"]["event"]


async def test_a_click_may_come_in_other_shapes():
    _, flat = await facts_of_a_click("flat_event")
    assert (flat["event_key"], flat["task_id"]) == ("approve", "ship-1@1")
    _, camel = await facts_of_a_click("camel_event")
    assert camel["template_card_event"]["EventKey"] == "approve"
    command, _ = await facts_of_a_click("click_as_message")
    assert command == "aibot_msg_callback"


async def test_a_callback_may_come_twice_with_one_msgid():
    async with robot() as (world, one):
        world.office.fault("repeat")
        await world.people.type(GROUP, ZHANG, "一次")
        first, second = await one.next(), await one.next()
        assert first["body"] == second["body"]
        assert first["headers"] != second["headers"]


async def test_garbage_comes_before_a_good_frame():
    async with robot() as (world, one):
        world.office.fault("garbage")
        await world.people.type(GROUP, ZHANG, "好的")
        assert (await one.next())["body"]["text"]["content"] == "@店铺助手 好的"


@pytest.mark.parametrize(("dial", "code"), [("version_conflict", 6000), ("too_fast", 45009), ("concurrent", 45033)])
async def test_a_command_may_be_refused(dial, code):
    async with robot() as (world, one):
        world.office.fault(dial)
        assert [await one.push("早"), await one.push("早")] == [code, 0]


async def test_good_credentials_may_be_refused():
    async with robot() as (world, one):
        good = {"bot_id": world.bot_id, "secret": world.secret}
        world.office.fault("refuse_subscribe")
        assert await one.code("aibot_subscribe", good) == 853000
        assert await one.code("aibot_subscribe", good) == 0


def test_every_dial_has_a_test_here():
    with open(__file__, encoding="utf-8") as source:
        text = source.read()
    assert [dial for dial in DIALS if f'"{dial}"' not in text] == []
    with pytest.raises(ValueError, match="unknown dial"):
        WecomWorld(ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), None, 1).office.fault("nothing")


async def test_the_push_robot_takes_texts_markdown_and_pictures_twenty_a_minute():
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    picture = {"base64": base64.b64encode(b"png").decode(), "md5": hashlib.md5(b"png").hexdigest()}
    async with WecomWorld.open(clock=clock) as world, httpx2.AsyncClient() as http:

        async def code(**body):
            return (await http.post(world.addresses["wecom_webhook"], json=body)).json()["errcode"]

        assert await code(msgtype="text", text={"content": "长" * 682}) == 0
        assert await code(msgtype="text", text={"content": "长" * 683}) == 40058
        assert await code(msgtype="markdown", markdown={"content": "x" * 4097}) == 40058
        assert await code(msgtype="image", image=picture) == 0
        assert await code(msgtype="image", image={**picture, "md5": "0"}) == 40058
        assert await code(msgtype="template_card", template_card={}) == 40058
        codes = [await code(msgtype="text", text={"content": "早"}) for _ in range(19)]
        assert codes == [0] * 18 + [45009]
        wrong = await http.post(world.addresses["wecom_webhook"] + "x", json={})
        assert wrong.json()["errcode"] == 93000


async def test_another_process_can_type_click_and_see_through_the_control_address(tmp_path):
    async with robot(record=tmp_path / "record.jsonl") as (world, one), httpx2.AsyncClient() as http:
        at = world.addresses["wecom_control"]
        await one.push_card(card())
        words = {"chat_id": GROUP, "user_id": ZHANG, "words": "待办"}
        assert (await http.post(f"{at}/type", json=words)).json() == {"heard": True}
        press = {"task_id": "ship-1@1", "key": "approve", "user_id": ZHANG}
        assert (await http.post(f"{at}/click", json=press)).json() == {"heard": True}
        assert (await http.post(f"{at}/click", json={**press, "key": "gone"})).status_code == 400
        (shown,) = (await http.get(f"{at}/messages/{GROUP}")).json()["messages"]
        assert shown["template_card"]["task_id"] == "ship-1@1"
        state = (await http.get(f"{at}/state")).json()
        assert state["connected"]
        kinds = [entry["kind"] for entry in (await http.get(f"{at}/record")).json()["entries"]]
        assert kinds[-3:] == ["sent", "typed", "clicked"]
    assert len((tmp_path / "record.jsonl").read_text("utf-8").splitlines()) == len(kinds)


async def test_the_apps_calls_need_a_good_token_and_may_meet_a_busy_system():
    async with WecomWorld.open() as world, httpx2.AsyncClient(base_url=world.addresses["wecom_api"]) as http:
        keys = {"corpid": CORP, "corpsecret": world.app.secret}
        assert (await http.get("/cgi-bin/gettoken", params={**keys, "corpsecret": "x"})).json()["errcode"] == 40001
        token = (await http.get("/cgi-bin/gettoken", params=keys)).json()["access_token"]
        body = {"touser": ZHANG, "agentid": AGENT, "msgtype": "markdown", "markdown": {"content": "早"}}

        async def send(**changes):
            at = "/cgi-bin/message/send"
            return await http.post(at, params={"access_token": token}, json={**body, **changes})

        assert (await send()).json()["errcode"] == 0
        assert (await send(agentid=1)).json()["errcode"] == 40056
        assert (await send(markdown={"content": "长" * 683})).json()["errcode"] == 40058
        world.office.fault("system_busy")
        assert (await send()).json()["errcode"] == -1
        world.office.fault("not_trusted")
        assert (await send()).json()["errcode"] == 60020
        world.office.fault("html")
        assert (await send()).text.startswith("<h1>")
        world.office.fault("token_expired")
        assert [(await send()).json()["errcode"] for _ in range(2)] == [42001, 42001]


@pytest.mark.parametrize("dial", ["server_error", "lost_answer"])
async def test_a_call_without_a_good_answer_took_effect(dial):
    async with WecomWorld.open() as world, httpx2.AsyncClient(base_url=world.addresses["wecom_api"]) as http:
        keys = {"corpid": CORP, "corpsecret": world.app.secret}
        token = {"access_token": (await http.get("/cgi-bin/gettoken", params=keys)).json()["access_token"]}
        body = {"touser": ZHANG, "agentid": AGENT, "msgtype": "markdown", "markdown": {"content": "早"}}
        world.office.fault(dial)
        with pytest.raises(httpx2.HTTPError):
            (await http.post("/cgi-bin/message/send", params=token, json=body)).raise_for_status()
        assert len(world.office.noted("sent")) == 1
        assert (await http.post("/cgi-bin/message/send", params=token, json=body)).json()["errcode"] == 0


async def test_an_app_without_a_callback_url_gets_no_buttons_shown():
    async with WecomWorld.open() as world, httpx2.AsyncClient(base_url=world.addresses["wecom_api"]) as http:
        keys = {"corpid": CORP, "corpsecret": world.app.secret}
        token = {"access_token": (await http.get("/cgi-bin/gettoken", params=keys)).json()["access_token"]}
        body = {"touser": ZHANG, "agentid": AGENT, "msgtype": "template_card", "template_card": card()}
        world.office.fault("no_buttons")
        codes = [
            (await http.post("/cgi-bin/message/send", params=token, json=body)).json()["errcode"] for _ in range(2)
        ]
        assert codes == [40058, 0]
