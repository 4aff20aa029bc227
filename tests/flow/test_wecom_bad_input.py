"""What no person and no gateway should send: nothing changes, one line is logged, the connection lives on."""

import asyncio
import json
import logging
import time

import pytest

from bot.fronts.strangers import STRANGERS_A_MINUTE, Strangers
from core.values.fulfilment import FulfilmentState
from tests.counter import risky_order, state
from tests.flow.wecom_counter import CHAT, NOBODY, ZHANG, open_wecom, rows, text_of

TEXT = {"msgtype": "text", "chatid": CHAT, "chattype": "group", "from": {"userid": ZHANG}}
STRANGE = {
    "an ack nobody waits for": {"headers": {"req_id": "aibot_send_msg_1_00000000"}, "errcode": 0, "errmsg": "ok"},
    "an ack of no number": {"headers": {"req_id": "x"}, "errcode": "0"},
    "an unknown command": {"cmd": "aibot_new_thing", "headers": {"req_id": "x"}, "body": {}},
    "an unknown event": {
        "cmd": "aibot_event_callback",
        "headers": {"req_id": "x"},
        "body": {**TEXT, "msgid": "m1", "msgtype": "event", "event": {"eventtype": "shop_on_fire"}},
    },
    "a click on nothing": {
        "cmd": "aibot_event_callback",
        "headers": {"req_id": "x"},
        "body": {**TEXT, "msgid": "m2", "msgtype": "event", "event": {"eventtype": "template_card_event"}},
    },
    "a message of nobody": {"cmd": "aibot_msg_callback", "headers": {"req_id": "x"}, "body": {"msgtype": "text"}},
    "numbers for texts": {
        "cmd": "aibot_msg_callback",
        "headers": {"req_id": "x"},
        "body": {**TEXT, "msgid": 7, "text": {"content": 7}},
    },
    "half a character": {
        "cmd": "aibot_msg_callback",
        "headers": {"req_id": "x"},
        "body": {**TEXT, "msgid": "m3", "text": {"content": "@店铺助手 \ud83d"}},
    },
    "a list": [1, 2],
}


def line_of(counter):
    """The gateway's side of the socket."""
    return counter.world.gateway.line(counter.world.bot_id)


@pytest.mark.parametrize("frame", STRANGE.values(), ids=STRANGE.keys())
async def test_a_frame_of_no_use_is_one_line_in_the_log_and_no_more(tmp_path, frame, caplog):
    async with open_wecom(tmp_path) as counter:
        with caplog.at_level(logging.INFO, "zhanggui"):
            await line_of(counter).ws.send(json.dumps(frame))
            assert ZHANG in text_of(await counter.type("我是谁"))
        assert len(counter.shown()) == 1
        assert len(counter.world.office.noted("subscribed")) == 1
        said = [record for record in caplog.records if record.name.startswith("zhanggui")]
        assert len(said) <= 1, [record.getMessage() for record in said]
        assert not [record for record in said if record.exc_info]


async def test_a_reply_may_come_before_the_ack_of_what_was_said_before(tmp_path):
    async with open_wecom(tmp_path) as counter:
        counter.world.office.fault("slow_ack", 1, on="aibot_respond_msg", by_s=0.2)
        await counter.world.people.type(CHAT, ZHANG, "我是谁")
        await counter.world.people.type(CHAT, "LiSi", "我是谁")
        await counter.until(lambda: len(counter.shown()) == 2)
        await asyncio.sleep(0.3)
        assert len(counter.shown()) == 2
        assert len(counter.world.office.noted("subscribed")) == 1


@pytest.mark.parametrize("words", ["查单 " + "长" * 100_000, "长 " * 50_000, "<b>" * 30_000, "\u202e\u200b" * 9])
async def test_endless_words_hold_nobody_up(tmp_path, words):
    """Looking for where a mention ends took 207 s of the loop for fifty thousand blanks."""
    async with open_wecom(tmp_path) as counter:
        began_s = time.perf_counter()
        await counter.world.people.type(CHAT, ZHANG, words)
        await counter.world.people.type(CHAT, "LiSi", "我是谁")
        await counter.until(lambda: any("LiSi" in text_of(body) for body in counter.shown()))
        assert time.perf_counter() - began_s < 2
        assert len(counter.world.office.noted("subscribed")) == 1


async def test_a_flood_of_clicks_decides_once_and_stops_nobody(tmp_path):
    async with open_wecom(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(CHAT)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        for _ in range(200):
            await counter.world.people.forge_click(CHAT, card.task_id, approve, ZHANG)
        await counter.until(lambda: len(counter.world.office.noted("card_updated", "refused")) >= 20)
        assert await state(counter, number) is FulfilmentState.scheduled
        assert rows(tmp_path, "SELECT verb FROM acts").count("approve") == 1
        assert len(counter.world.office.noted("subscribed")) == 1


async def test_a_stranger_who_asks_and_asks_is_stored_so_often_and_no_more(tmp_path):
    async with open_wecom(tmp_path) as counter:
        for _ in range(3 * STRANGERS_A_MINUTE):
            await counter.world.people.type(CHAT, NOBODY, "我是谁")
        await counter.world.people.type(CHAT, ZHANG, "我是谁")
        await counter.until(lambda: any(ZHANG in text_of(body) for body in counter.shown()))
        await asyncio.sleep(0.2)
        assert len(rows(tmp_path, "SELECT id FROM inbox WHERE key LIKE 'wecom:MSG%'")) == STRANGERS_A_MINUTE + 1


async def test_a_strangers_minute_passes(tmp_path):
    async with open_wecom(tmp_path) as counter:
        clock = [0.0]
        strangers = Strangers(counter.engine, lambda: clock[0])
        heard = [await strangers._is_bearable("wecom:x") for _ in range(30)]
        assert heard == [True] * STRANGERS_A_MINUTE + [False] * 10
        assert all([await strangers._is_bearable(f"wecom:{ZHANG}") for _ in range(30)])
        clock[0] = 61.0
        assert await strangers._is_bearable("wecom:x")


async def test_what_is_said_while_an_answer_is_slow_is_stored_at_once(tmp_path):
    """WeCom keeps nothing: what waited in memory would be lost by a crash."""
    async with open_wecom(tmp_path) as counter:
        counter.world.office.fault("slow_ack", 1, on="aibot_respond_msg", by_s=0.3)
        for words in ("我是谁", "暂停 全部 2小时", "帮助"):
            await counter.world.people.type(CHAT, ZHANG, words)
        await counter.until(counter.shown)
        await asyncio.sleep(0.05)
        assert len(await counter.engine.requests.list_waiting()) == 3
        await counter.until(lambda: len(counter.shown()) >= 3)


async def test_a_press_that_is_delivered_twice_while_it_is_carried_out_turns_its_card_once(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await risky_order(counter)
        await counter.tell()
        before = len(counter.shown())
        counter.world.office.fault("repeat")
        await counter.press("批准")
        (turned,) = [await counter.updated(1)]
        await asyncio.sleep(0.3)
        assert turned["for_"] == []
        assert len(counter.world.office.noted("card_updated")) == 1
        assert len(counter.shown()) == before
