"""The app's calls when answers are lost: nothing acts twice, nothing is swallowed, what may stand there is marked."""

import asyncio
import socket

import pytest

from bot.fronts.wecom.wechat import THREADS, AppApi
from bot.sandbox.wecom.api import CORP
from core.errors import Busy, MaybeSent, Transient
from core.values.fulfilment import FulfilmentState
from tests.counter import risky_order, state
from tests.flow.wecom_app_counter import CHAT, ZHANG, card, open_app
from tests.flow.wecom_counter import rows, text_of


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
