"""The shop in a self-built app: callbacks in, calls out, and every trap of the library between them."""

import asyncio
import json
import time

import pytest

from core.config.wecom import WecomApp
from core.errors import Transient
from core.values.fulfilment import FulfilmentState
from tests.counter import risky_order, state
from tests.flow.wecom_app_counter import CHAT, ZHANG, card, open_app
from tests.flow.wecom_counter import text_of, words_of


async def test_the_url_check_is_answered_by_its_bare_words(tmp_path):
    async with open_app(tmp_path) as counter:
        assert await counter.world.app.check_url() == (200, "1837465920174650912")


async def test_a_command_is_acknowledged_and_answered_by_a_call(tmp_path):
    async with open_app(tmp_path) as counter:
        assert f"wecomapp:{ZHANG}" in text_of(await counter.type("我是谁"))
        assert "]]>" not in str(counter.shown())


async def test_a_card_turns_when_pressed_and_changes_no_second_time_without_a_code(tmp_path):
    async with open_app(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(ZHANG)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        assert await counter.world.app.click(card.task_id, approve, ZHANG) == 200
        await counter.until(lambda: counter.world.office.noted("card_updated"))
        assert await state(counter, number) is FulfilmentState.scheduled
        assert "待审批" not in words_of(counter.world.people.card(card.task_id))
        before = len(counter.shown())
        assert await counter.world.app.click(card.task_id, approve, ZHANG) == 200
        await counter.until(lambda: len(counter.shown()) > before)
        assert ZHANG in text_of(counter.shown()[-1])


async def test_a_callback_that_is_sent_again_is_one_request(tmp_path):
    async with open_app(tmp_path) as counter:
        for _ in range(3):
            assert await counter.world.app.type(ZHANG, "我是谁", "77") == 200
        await counter.until(counter.shown)
        await asyncio.sleep(0.1)
        assert len(counter.shown()) == 1


async def test_what_is_wrong_with_a_callback_is_refused_and_changes_nothing(tmp_path):
    async with open_app(tmp_path) as counter:
        seal, now = counter.world.app.seal, int(time.time())
        good = seal.encrypt("<xml><MsgType>text</MsgType></xml>")

        def body(sealed):
            return f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"

        foreign = type(seal)(seal.token, seal.aes_key, "wwOTHER").encrypt("<xml/>")
        damaged = good[:-8] + "AAAAAAA="
        bomb = '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
        cases = [
            (seal.query(good, now) | {"msg_signature": "0" * 40}, body(good), 403),
            (seal.query(foreign, now), body(foreign), 403),
            (seal.query(damaged, now), body(damaged), 403),
            (seal.query(good, 1), body(good), 400),
            (seal.query(good, now), bomb, 400),
            (seal.query(good, now), "x" * 70_000, 413),
            ({}, body(good), 400),
        ]
        assert [await counter.world.app.post(query, text) for query, text, _ in cases] == [code for *_, code in cases]
        assert f"wecomapp:{ZHANG}" in text_of(await counter.type("我是谁"))


@pytest.mark.parametrize("dial", ["token_expired", "system_busy"])
async def test_a_token_that_died_and_a_busy_system_are_tried_once_more(tmp_path, dial):
    async with open_app(tmp_path) as counter:
        await counter.type("我是谁")
        counter.world.office.fault(dial, 1)
        await counter.front.send(CHAT, card())
        assert len(counter.shown()) == 2
        counter.world.office.fault(dial, 9)
        with pytest.raises(Transient):
            await counter.front.send(CHAT, card())


async def test_a_callback_is_acknowledged_at_once_however_long_its_answer_takes(tmp_path):
    """WeCom waits five seconds: what follows is told by a call."""
    async with open_app(tmp_path) as counter:
        await counter.type("我是谁")
        counter.world.office.fault("slow_ack", 1, on="message/send", by_s=0.6)
        began_s = time.perf_counter()
        for words in ("帮助", "待办", "我是谁"):
            assert await counter.world.app.type(ZHANG, words) == 200
        assert time.perf_counter() - began_s < 0.5
        assert len(await counter.engine.requests.list_waiting()) == 3
        await counter.until(lambda: len(counter.shown()) >= 4)


@pytest.mark.parametrize("dial", ["token_expired", "system_busy"])
async def test_a_card_turns_though_the_first_try_was_refused(tmp_path, dial):
    async with open_app(tmp_path) as counter:
        await risky_order(counter)
        await counter.tell()
        shown = counter.world.people.cards(ZHANG)[-1]
        approve = next(b["key"] for b in shown.card["button_list"] if "批准" in b["text"])
        counter.world.office.fault(dial, 1, on="message/update_template_card")
        before = len(counter.shown())
        assert await counter.world.app.click(shown.task_id, approve, ZHANG) == 200
        await counter.until(lambda: counter.world.office.noted("card_updated"))
        await asyncio.sleep(0.1)
        assert len(counter.shown()) == before, "no second message beside the card"


async def test_a_picture_survives_a_token_that_died_and_long_words_go_in_pieces(tmp_path):
    async with open_app(tmp_path) as counter:
        await counter.type("我是谁")
        counter.world.office.fault("token_expired", 1, on="media/upload")
        await counter.front.send(CHAT, card(picture=b"\x89PNG" * 1000))
        image = counter.shown()[1]
        assert counter.world.office.media[image["image"]["media_id"]].content == b"\x89PNG" * 1000
        before = len(counter.shown())
        await counter.front.send(CHAT, card(note="\n".join(["长" * 100] * 14)))
        assert len(counter.shown()) - before == 3


async def test_alerts_go_into_the_apps_group_without_buttons(tmp_path):
    async with open_app(tmp_path) as counter:
        await risky_order(counter)
        await counter.tell(f"wecomapp:{counter.world.app.group}")
        shown = [text_of(body) for body in counter.shown(counter.world.app.group)]
        assert any("待审批" in words and "打命令" in words for words in shown)


def test_half_an_app_is_a_mistake():
    with pytest.raises(ValueError, match="agent_id, secret, token, aes_key is missing"):
        WecomApp(corp_id="ww1")
    assert json.loads(WecomApp().model_dump_json())["corp_id"] == ""
