"""The robot in URL mode: WeCom calls in, answers go back by the call, by polls, by the callback's own address."""

import asyncio
import json
import logging
import time
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.cards.card import Card
from bot.fronts.wecom.listener import Listener
from bot.sandbox.wecom import WecomWorld
from core.clock import ManualClock
from core.config import Config
from core.config.wecom import Wecom, WecomAibot, WecomWebhook
from core.errors import Transient
from core.values.fulfilment import FulfilmentState
from core.values.notices import Urgency
from core.values.people import ChatKind
from tests import stockroom
from tests.counter import order, risky_order, state
from tests.flow.test_wecom_counter import held_store
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, NAMES, ZHANG, open_shop, text_of, words_of


def settings(world, *, webhook=False):
    keys = {"token": SecretStr(world.robot.seal.token), "aes_key": SecretStr(world.robot.seal.aes_key)}
    push = WecomWebhook(url=SecretStr(world.addresses["wecom_webhook"])) if webhook else WecomWebhook()
    return Config(wecom=Wecom(aibot=WecomAibot(**keys), webhook=push))


@asynccontextmanager
async def open_url(folder, *, webhook=False, patience_s=(1, 1)):
    clock, listener = ManualClock(stockroom.NOW), Listener("127.0.0.1", 0)
    async with WecomWorld.open(clock=clock) as world:
        world.office.add_group(CHAT)
        config = settings(world, webhook=webhook)
        async with open_shop(folder, world, clock, config, patience_s, listener=listener) as counter:
            world.robot.url = f"http://127.0.0.1:{listener.port}/wecom/aibot"
            await counter.engine.rooms.bind(GROUP, ChatKind.group)
            for who, (name, role) in NAMES.items():
                await counter.engine.people.keep(f"wecom:{who}", name, role)
            yield counter


async def say(counter, words, who=ZHANG):
    """Type; the status of the callback, and what stands in the group then."""
    return await counter.world.robot.type(CHAT, who, words), counter.shown()


async def test_the_url_check_is_answered_by_its_bare_words(tmp_path):
    async with open_url(tmp_path) as counter:
        assert await counter.world.robot.check_url() == (200, "1837465920174650912")


async def test_words_are_answered_by_the_call_itself(tmp_path):
    async with open_url(tmp_path) as counter:
        status, shown = await say(counter, "我是谁")
        assert status == 200
        assert f"wecom:{ZHANG}" in text_of(shown[-1])
        assert [entry["finish"] for entry in counter.world.office.noted("stream")] == [True]


async def test_a_card_is_the_calls_answer_and_its_press_turns_it(tmp_path):
    async with open_url(tmp_path) as counter:
        number = await risky_order(counter)
        await say(counter, f"查单 {number}")
        await counter.until(lambda: counter.world.people.cards(CHAT))
        card = counter.world.people.cards(CHAT)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        assert await counter.world.robot.click(card.task_id, approve, ZHANG) == 200
        assert await state(counter, number) is FulfilmentState.scheduled
        assert "待审批" not in words_of(counter.world.people.card(card.task_id))
        assert await counter.world.robot.click(card.task_id, approve, BOSS) == 200
        assert [entry["for_"] for entry in counter.world.office.noted("card_updated")] == [[], [BOSS]]


async def test_a_slow_answer_grows_and_is_fetched_until_it_is_finished(tmp_path):
    async with open_url(tmp_path, patience_s=(0.05, 1)) as counter:
        await order(counter)
        release = await held_store(counter)
        typing = asyncio.create_task(say(counter, "我是谁"))
        await asyncio.sleep(0.3)
        assert not typing.done()
        release.set()
        status, shown = await typing
        assert (status, len(shown)) == (200, 1)
        assert ZHANG in text_of(shown[-1])


async def test_a_card_that_takes_long_comes_by_the_callbacks_own_address_once(tmp_path):
    async with open_url(tmp_path) as counter:
        await say(counter, "我是谁")
        before = len(counter.shown())
        await counter.front.send(GROUP, card())
        assert len(counter.shown()) == before + 1
        with pytest.raises(Transient, match="chat_closed"):
            await counter.front.send(GROUP, card())
        assert counter.world.office.noted("refused") == []


async def test_what_nobody_asked_for_goes_by_the_push_robot(tmp_path):
    async with open_url(tmp_path, webhook=True) as counter:
        await counter.front.send(GROUP, card())
        assert len(counter.world.office.noted("pushed")) == 1


async def test_pictures_cannot_come_and_it_is_said(tmp_path):
    async with open_url(tmp_path) as counter:
        await say(counter, "我是谁")
        await counter.front.send(GROUP, card(picture=b"\x89PNG" * 9))
        assert "图片" in text_of(counter.shown()[-1])


def card(**facts):
    return Card.model_validate(
        {"ref": "shop:1", "version": 0, "urgency": Urgency.normal, "title": "掌柜已就绪", **facts}
    )


async def test_a_callback_that_comes_again_is_one_request(tmp_path):
    async with open_url(tmp_path) as counter:
        for _ in range(3):
            assert await counter.world.robot.type(CHAT, ZHANG, "我是谁", "SAME") == 200
        assert len(counter.shown()) == 1


async def test_a_message_that_grew_before_a_restart_is_ended(tmp_path):
    async with open_url(tmp_path) as counter:
        asked = {"msgid": "S", "chatid": CHAT, "chattype": "group", "from": {"userid": ZHANG}, "msgtype": "stream"}
        status, found = await counter.world.robot.call({**asked, "stream": {"id": "of another life"}})
        assert status == 200
        assert found["stream"]["finish"]
        assert "再问一次" in found["stream"]["content"]


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("signature", 403),
        ("receiver", 403),
        ("damaged", 403),
        ("1970", 400),
        ("no query", 400),
        ("no JSON", 400),
        ("XML with entities", 400),
        ("too large", 413),
        ("another path", 404),
        ("unknown message", 200),
    ],
)
async def test_what_is_wrong_with_a_callback_is_refused_by_one_line_and_changes_nothing(tmp_path, case, status, caplog):
    async with open_url(tmp_path) as counter:
        robot, now = counter.world.robot, int(time.time())
        good = robot.seal.encrypt('{"msgtype": "news"}')
        query, body = robot.seal.query(good, now), json.dumps({"encrypt": good})
        if case == "signature":
            query["msg_signature"] = "0" * 40
        elif case == "receiver":
            other = type(robot.seal)(robot.seal.token, robot.seal.aes_key, "wwOTHER").encrypt("{}")
            query, body = robot.seal.query(other, now), json.dumps({"encrypt": other})
        elif case == "damaged":
            hurt = good[:-8] + "AAAAAAA="
            query, body = robot.seal.query(hurt, now), json.dumps({"encrypt": hurt})
        elif case == "1970":
            query = robot.seal.query(good, 1)
        elif case == "another path":
            robot.url += "/other"
        else:
            query = {} if case == "no query" else query
            bomb = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 30)) + "]>"
            bodies = {"no JSON": "{", "XML with entities": f"{bomb}<xml>&a29;</xml>", "too large": "x" * 70_000}
            body = bodies.get(case, body)
        with caplog.at_level(logging.INFO, "zhanggui.wecom"):
            found, _ = await robot.post(query, body)
        assert found == status
        assert len([one for one in caplog.records if one.name == "zhanggui.wecom"]) == (
            0 if status in (404, 413) else 1
        )
        robot.url = robot.url.removesuffix("/other")
        _, shown = await say(counter, "我是谁")
        assert len(shown) == 1


def test_one_mode_at_a_time_and_whole():
    with pytest.raises(ValueError, match="one mode only"):
        WecomAibot(bot_id="a", secret=SecretStr("s"), token=SecretStr("t"), aes_key=SecretStr("k"))
    with pytest.raises(ValueError, match="token, aes_key belong together"):
        WecomAibot(token=SecretStr("t"))
