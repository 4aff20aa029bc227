"""The shop in a self-built app: callbacks in, calls out, and every trap of the library between them."""

import asyncio
import json
import socket
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cards.card import Card, Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.wecom.app import App
from bot.fronts.wecom.wechat import THREADS, AppApi
from bot.notices import Notices
from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.api import AGENT, CORP
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.config.wecom import Wecom, WecomApp, WecomHttp
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import Busy, MaybeSent, Transient
from core.store.db import Store
from core.values.fulfilment import FulfilmentState
from core.values.notices import Urgency
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests import stockroom
from tests.counter import risky_order, state
from tests.flow.wecom_counter import TOLD, rows, text_of, words_of

BOSS, ZHANG = "Boss", "ZhangSan"
CHAT = f"wecomapp:{ZHANG}"


class AppCounter:
    def __init__(self, world, store, clock, engine, front, desk, notices):
        self.world, self.store, self.clock, self.engine = world, store, clock, engine
        self.front, self.desk, self.notices = front, desk, notices

    def shown(self, chat=ZHANG):
        return self.world.people.messages(chat)

    async def until(self, done, wait_s=4.0):
        async with asyncio.timeout(wait_s):
            while not done():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def type(self, words, who=ZHANG):
        before = len(self.shown(who))
        assert await self.world.app.type(who, words) == 200
        await self.until(lambda: len(self.shown(who)) > before)
        return self.shown(who)[-1]

    async def tell(self, chat=CHAT):
        for row in await self.store.people.all("notices.due", now=2**62, most=100):
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.notices.show(row["id"], Way(chat=row["chat"] or chat))
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))


def settings(world, **changes):
    facts = {
        "corp_id": CORP,
        "agent_id": AGENT,
        "secret": SecretStr(world.app.secret),
        "token": SecretStr(world.app.seal.token),
        "aes_key": SecretStr(world.app.seal.aes_key),
        "api_url": world.addresses["wecom_api"],
        "chat": world.app.group,
    }
    return Config(wecom=Wecom(app=WecomApp(**{**facts, **changes}), http=WecomHttp(port=0)))


@asynccontextmanager
async def open_app(folder: Path):
    clock = ManualClock(stockroom.NOW)
    async with WecomWorld.open(clock=clock) as world:
        config, store = settings(world), await Store.open(folder)
        engine = Engine(Shop(store, Settings(config), clock, stockroom.ZONE, SeededChance(1)))
        front = App(config, engine, settle_s=0.05, late_s=0.1)
        fronts = Fronts({front.name: front})
        desk = Desk(engine, fronts, TABLE)
        counter = AppCounter(world, store, clock, engine, front, desk, Notices(engine, fronts))
        for who, role in ((BOSS, Role.owner), (ZHANG, Role.operator)):
            await engine.people.keep(f"wecomapp:{who}", who, role)
            await engine.rooms.bind(f"wecomapp:{who}", ChatKind.private)
        listening = asyncio.create_task(front.listen(desk))
        try:
            await counter.until(lambda: front.listener.port)
            world.app.url = f"http://127.0.0.1:{front.listener.port}/wecom/callback"
            yield counter
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await front.close()
            await store.close()


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


@pytest.mark.parametrize("dial", ["server_error", "lost_answer", "html"])
async def test_a_message_whose_answer_is_lost_comes_again_marked(tmp_path, dial):
    async with open_app(tmp_path) as counter:
        counter.world.office.fault(dial)
        with pytest.raises(MaybeSent):
            await counter.front.send(CHAT, card())
        before = len(counter.shown())
        await counter.front.send(CHAT, card())
        await counter.front.send(CHAT, card())
        marked = ["可能重复" in text_of(body) for body in counter.shown()[before:]]
        assert marked == [True, False], "said once more, and then it is settled"


@pytest.mark.parametrize("dial", ["server_error", "lost_answer"])
async def test_a_press_whose_answer_is_lost_acts_once_and_says_that_it_may_repeat_itself(tmp_path, dial):
    async with open_app(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        shown = counter.world.people.cards(ZHANG)[-1]
        approve = next(b["key"] for b in shown.card["button_list"] if "批准" in b["text"])
        for call in ("message/update_template_card", "message/send"):
            counter.world.office.fault(dial, on=call)
        before = len(counter.shown())
        assert await counter.world.app.click(shown.task_id, approve, ZHANG) == 200
        await counter.until(lambda: len(counter.shown()) == before + 2)
        assert await state(counter, number) is FulfilmentState.scheduled
        first, again = [text_of(body) for body in counter.shown()[before:]]
        assert "可能重复" not in first
        assert again.count("可能重复") == 1
        assert rows(tmp_path, "SELECT verb FROM acts").count("approve") == 1


async def test_a_notice_that_may_stand_there_bears_one_mark(tmp_path):
    """The owner's outbox marks it, and so does the front: one of them is enough."""
    async with open_app(tmp_path) as counter:
        await risky_order(counter)
        counter.world.office.fault("lost_answer", on="message/send")
        with pytest.raises(MaybeSent):
            await counter.tell()
        await counter.store.write(lambda tx: tx.run("notices.free_claimed"))
        await counter.tell()
        first, second = [text_of(body) for body in counter.shown()]
        assert "可能重复" not in first
        assert second.count("可能重复") == 1


async def test_words_that_were_cut_off_in_the_middle_come_again_marked(tmp_path):
    async with open_app(tmp_path) as counter:
        long = card(note="\n".join(["长" * 100] * 14))
        for _ in range(29):
            counter.world.office.rate.count(ZHANG)
        with pytest.raises(Busy):
            await counter.front.send(CHAT, long)
        assert len(counter.shown()) == 1, "the second piece was too much"
        counter.clock.advance(61)
        await counter.front.send(CHAT, long)
        assert ["可能重复" in text_of(body) for body in counter.shown()] == [False, True, False, False]


async def test_a_page_in_pieces_waits_until_there_is_room_for_all_of_it(tmp_path):
    async with open_app(tmp_path) as counter:
        for _ in range(23):
            await counter.front.send(CHAT, card())
        with pytest.raises(Busy):
            await counter.front.send(CHAT, card(note="\n".join(["长" * 100] * 14)))
        assert len(counter.shown()) == 23
        await counter.front.send(CHAT, card())


async def test_an_answer_that_could_not_be_given_is_given_when_the_platform_is_back(tmp_path):
    async with open_app(tmp_path) as counter:
        counter.world.office.fault("system_busy", 99, on="message/send")
        assert await counter.world.app.type(ZHANG, "我是谁") == 200
        await counter.until(lambda: len(counter.world.office.noted("refused")) >= 6)
        await asyncio.sleep(0.1)
        assert counter.shown() == []
        counter.world.office.fault("system_busy", 0, on="message/send")
        await counter.until(counter.shown)
        assert f"wecomapp:{ZHANG}" in text_of(counter.shown()[-1])


async def test_a_card_whose_buttons_are_refused_is_said_in_words(tmp_path):
    """An app whose callback URL is not saved yet may send none; the alert comes all the same."""
    async with open_app(tmp_path) as counter:
        await risky_order(counter)
        counter.world.office.fault("no_buttons")
        await counter.tell()
        (body,) = counter.shown()
        assert "待审批" in text_of(body)
        assert "打命令" in text_of(body)


async def test_a_silent_server_is_a_doubt_only_once_a_call_has_begun():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api = AppApi(CORP, "s", f"http://127.0.0.1:{silent.getsockname()[1]}", deadline_s=0.2)
        with pytest.raises(Transient) as refused:
            await api.call("message/send", {})
        assert not isinstance(refused.value, MaybeSent), "without a token nothing was said"
        api._client.session.set(api._client.access_token_key, "t")
        with pytest.raises(MaybeSent):
            await api.call("message/send", {})
        with pytest.raises(Transient) as refused:
            await api.upload("image", "a.png", b"12345")
        assert not isinstance(refused.value, MaybeSent), "nobody sees a file go up"
        api.close()


def card(**facts):
    return Card.model_validate(
        {"ref": "shop:1", "version": 0, "urgency": Urgency.normal, "title": "掌柜已就绪", **facts}
    )


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


async def test_a_check_tries_the_apps_credentials(tmp_path):
    async with open_app(tmp_path) as c:
        assert [line.key for line in await c.front.probe()] == ["check.app_ok"]
        for changes, key in (
            ({"secret": SecretStr("wrong")}, "app_refused"),
            ({"api_url": "http://127.0.0.1:9"}, "app_down"),
        ):
            front = App(settings(c.world, **changes), c.engine)
            assert [(line.key, line.ok) for line in await front.probe()] == [(f"check.{key}", False)]
            await front.close()


async def test_a_silent_token_server_holds_no_thread_for_good():
    """wechatpy asks for a token without a deadline (facts: WeCom 1.9): every thread of the pool would be gone."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api = AppApi(CORP, "s", f"http://127.0.0.1:{silent.getsockname()[1]}", deadline_s=0.2)
        for _ in range(2 * THREADS):
            with pytest.raises(Transient):
                await api.call("message/send", {})
        await asyncio.sleep(0.5)
        assert api._pool._work_queue.qsize() == 0
        api.close()


async def test_a_server_that_is_not_there_did_nothing_and_one_that_hangs_up_may_have():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    api = AppApi(CORP, "s", f"http://127.0.0.1:{port}", deadline_s=2)
    with pytest.raises(Transient) as refused:
        await api.call("message/send", {})
    assert not isinstance(refused.value, MaybeSent)
    api.close()

    async def hang_up(reader, writer):
        asked = await reader.readuntil(b"\r\n\r\n")
        if b"gettoken" in asked:
            said = b'{"errcode":0,"access_token":"t","expires_in":7200}'
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(said) + said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    api = AppApi(CORP, "s", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", deadline_s=2)
    with pytest.raises(MaybeSent):
        await api.call("message/send", {})
    api.close()
    server.close()
