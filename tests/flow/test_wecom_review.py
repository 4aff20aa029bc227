"""What could be left behind or given up: waits of a stopped front, files nobody wants, addresses not used, secrets."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.desk import LARGEST_FILE
from bot.fronts.wecom.files import KEPT, Files
from bot.fronts.wecom.front import Wecom
from bot.fronts.wecom.shapes import Link
from core.clock import ManualClock
from core.errors import Transient
from tests import stockroom
from tests.contract.wecom_robot import dial_in
from tests.flow.test_wecom_callbacks import locked
from tests.flow.test_wecom_url import card, open_url, say
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, SHORT, ZHANG, open_wecom, settings


async def test_a_front_that_stops_leaves_no_task_behind(tmp_path):
    """Also of what was stored and waited behind a slow answer."""
    before = asyncio.all_tasks()
    async with open_wecom(tmp_path, patience_s=(60, 60)) as counter:
        counter.world.office.fault("slow_ack", 1, on="aibot_respond_msg", by_s=0.3)
        for words in ("我是谁", "帮助", "待办"):
            await counter.world.people.type(CHAT, ZHANG, words)
        await counter.until(counter.shown)
        await asyncio.sleep(0.05)
        await counter.hang_up()
        await counter.front.close()
        left = [task.get_coro().__qualname__ for task in asyncio.all_tasks() - before]
        assert [name for name in left if "patience" in name or "lane" in name or "_after" in name] == []


async def test_files_that_wait_are_few_and_none_waits_for_ever(tmp_path):
    clock = ManualClock(stockroom.NOW)
    async with open_wecom(tmp_path) as counter:
        files = Files(clock.now)
        for n in range(5):
            link, key = counter.world.office.put_down("a.txt", bytes(LARGEST_FILE - 1))
            await files.keep(f"wecom:{n}", Link(link, key, "file"))
        assert [files.take(f"wecom:{n}") is not None for n in range(5)] == [False, False, True, True, True]
        link, key = counter.world.office.put_down("a.txt", b"K-001")
        await files.keep("wecom:old", Link(link, key, "file"))
        clock.advance((KEPT + timedelta(seconds=1)).total_seconds())
        await files.keep("wecom:new", Link(link, key, "file"))
        assert list(files._kept) == ["wecom:new"]
        await files.close()


async def test_an_address_nobody_could_be_reached_by_is_still_good(tmp_path):
    async with open_url(tmp_path) as counter:
        await say(counter, "我是谁")
        before = len(counter.shown())
        wire = counter.front._connection
        good = list(wire._urls[CHAT])
        wire._urls[CHAT].appendleft(("http://127.0.0.1:9/", good[0][1]))
        with pytest.raises(Transient, match="chat_unreachable"):
            await counter.front.send(GROUP, card())
        assert len(wire._urls[CHAT]) == 1 + len(good)
        wire._urls[CHAT].popleft()
        await counter.front.send(GROUP, card())
        assert len(counter.shown()) == before + 1


async def test_health_knows_that_a_quiet_connection_lives(tmp_path):
    """A group in which nobody said anything for an hour: the pings are answered."""
    async with open_wecom(tmp_path) as counter:
        counter.clock.advance(3600)
        await counter.until(lambda: counter.engine.health.heard_at["wecom"] == counter.clock.now())
        await counter.hang_up()
        counter.clock.advance(3600)
        await asyncio.sleep(0.3)
        assert counter.engine.health.heard_at["wecom"] < counter.clock.now(), "the control"


async def test_refused_credentials_end_the_listening_and_are_told_once(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await counter.hang_up()
        config = settings(counter.world)
        aibot = config.wecom.aibot.model_copy(update={"secret": SecretStr("wrong")})
        config = config.model_copy(update={"wecom": config.wecom.model_copy(update={"aibot": aibot})})
        front = Wecom(config, counter.engine, times=SHORT)
        subscribed = len(counter.world.office.noted("subscribed"))
        await asyncio.wait_for(front.listen(counter.desk), 3)
        assert len(counter.world.office.noted("subscribed")) == subscribed
        assert {one.key for one in counter.engine.health.remarks} >= {"secret_refused"}
        rows = await counter.store.people.all("notices.due", now=2**62, most=100)
        assert [row["kind"] for row in rows] == ["front_trouble"]
        await front.close()


async def test_a_file_that_takes_nothing_does_not_end_the_connection(tmp_path):
    """Being replaced is told to the owner, and that must be written."""
    async with open_wecom(tmp_path) as counter:
        await counter.store.write(lambda tx: tx._connection.execute("PRAGMA busy_timeout = 20").fetchall())
        before = len(counter.world.office.noted("subscribed"))
        with locked(tmp_path):
            other = await dial_in(counter.world)
            robot = {"bot_id": counter.world.bot_id, "secret": counter.world.secret}
            assert await other.code("aibot_subscribe", robot) == 0
            await counter.until(lambda: len(counter.world.office.noted("subscribed")) >= before + 2)
            await other.close()
        assert BOSS in str(await counter.type("我是谁", BOSS))
