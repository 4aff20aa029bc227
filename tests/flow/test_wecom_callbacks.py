"""Callbacks at their worst, to the app and to the robot's URL: signs of XML, a full disk, a locked file, retries."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from contextlib import asynccontextmanager, contextmanager

import pytest

from bot.auth import Request
from core.errors import Transient
from tests.flow.test_wecom_url import open_url
from tests.flow.wecom_app_counter import ZHANG, open_app
from tests.flow.wecom_counter import BOSS, CHAT, rows, text_of

ASKED = "SELECT id FROM inbox WHERE source = 'request'"
IMPATIENT, FULL, ROOM = (
    "PRAGMA busy_timeout = 50",
    "PRAGMA max_page_count = 1",
    "PRAGMA max_page_count = 1000000",
)


def said(content, msg_id="1"):
    """A text message of the app's, its Content as it stands in the XML."""
    return (
        f"<xml><ToUserName><![CDATA[ww]]></ToUserName><FromUserName><![CDATA[{ZHANG}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{content}</Content><MsgId>{msg_id}</MsgId><AgentID>1000002</AgentID></xml>"
    )


async def call(counter, words):
    """A callback with any words inside, sealed and signed as they should be."""
    seal = counter.world.app.seal
    sealed = seal.encrypt(words)
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return await counter.world.app.post(seal.query(sealed, int(time.time())), body)


def heard(counter, folder):
    """The words of everything that was stored, as they were read."""
    raws = rows(folder, "SELECT raw FROM inbox WHERE source = 'request' ORDER BY id")
    return [Request.model_validate_json(counter.store.vault.open(raw)).words for raw in raws]


async def test_a_text_with_the_end_of_a_cdata_in_it_is_read_as_it_was_written(tmp_path):
    """In whichever way it is wrapped, and however the pretend platform does it."""
    async with open_app(tmp_path) as counter:
        words = "查单 ]]> <b>&amp; </xml>"
        wrapped = "<![CDATA[查单 ]]]]><![CDATA[> <b>&amp; </xml>]]>"
        plain = "查单 ]]&gt; &lt;b&gt;&amp;amp; &lt;/xml&gt;"
        assert [await call(counter, said(content, str(n))) for n, content in enumerate((wrapped, plain))] == [200, 200]
        assert await counter.world.app.type(ZHANG, words) == 200
        assert heard(counter, tmp_path) == [words] * 3


@pytest.mark.parametrize(
    "words",
    [
        said("<![CDATA[a]]>b]]>"),
        '<!DOCTYPE x [<!ENTITY a "发货 1">]>' + said("&a;"),
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + said("&a;"),
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + said("<![CDATA[发货 1]]>"),
        "<xml>" * 3000,
        "<xml></xml>",
        "<xml><MsgType>text</MsgType>",
    ],
    ids=["naked end of a CDATA", "entity", "file", "foreign DTD", "deep", "empty", "cut off"],
)
async def test_xml_of_no_use_is_refused_by_one_line_and_changes_nothing(tmp_path, words, caplog):
    async with open_app(tmp_path) as counter:
        with caplog.at_level(logging.INFO, "zhanggui"):
            status = await call(counter, words)
        assert status in ({200, 400} if words == "<xml></xml>" else {400})
        assert len([one for one in caplog.records if one.name.startswith("zhanggui")]) == 1
        assert rows(tmp_path, ASKED) == []
        assert await counter.world.app.type(ZHANG, "我是谁") == 200
        await counter.until(counter.shown)


async def test_an_answer_with_the_end_of_a_cdata_in_it_is_whole(tmp_path):
    """wechatpy seals the robot's answer as XML of its own, from which ours takes the parts."""
    async with open_url(tmp_path) as counter:
        assert await counter.world.robot.type(CHAT, BOSS, "/]]></Encrypt><b>]]>") == 200
        assert "]]></encrypt><b>]]>" in text_of(counter.shown()[-1])
        assert heard(counter, tmp_path) == ["/]]></Encrypt><b>]]>"]


@contextmanager
def locked(folder):
    """Another program holds the file's write lock."""
    other = sqlite3.connect(folder / "shop.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@asynccontextmanager
async def unwritable(counter, folder, how):
    """A file that takes nothing more, and takes it again afterwards."""

    def tell(sql):
        return counter.store.write(lambda tx: tx._connection.execute(sql).fetchall())

    await tell(IMPATIENT)
    if how == "locked":
        with locked(folder):
            yield
        return
    await tell(FULL)
    with pytest.raises(Exception, match="full"):
        await counter.store.write(fill)
    yield
    for _ in range(20):  # what fails beside it in one group of the writer's undoes it too
        with contextlib.suppress(Transient):
            await tell(ROOM)
            break


def fill(tx):
    for n in range(4000):
        tx.run("rooms.bind", chat=f"{n}-{'x' * 400}", kind="group", title="", now=0)


LONG = "查单 " + "长" * 3000
"""More than the last page has room for."""


@pytest.mark.parametrize("how", ["locked", "full"])
@pytest.mark.parametrize("mode", [open_app, open_url], ids=["app", "robot"])
async def test_what_cannot_be_stored_is_not_acknowledged_and_taken_when_it_comes_again(tmp_path, mode, how, caplog):
    async with mode(tmp_path) as counter:
        platform = counter.world.app if mode is open_app else counter.world.robot
        places = (ZHANG,) if mode is open_app else (CHAT, ZHANG)
        async with unwritable(counter, tmp_path, how):
            with caplog.at_level(logging.WARNING, "zhanggui"):
                assert await platform.type(*places, LONG, "4711") == 503
            assert rows(tmp_path, ASKED) == []
        assert [one.getMessage() for one in caplog.records if "could not be stored" in one.getMessage()]
        assert await comes_again(platform, *places, LONG, "4711") == 200
        assert len(rows(tmp_path, ASKED)) == 1
        await counter.until(lambda: "找不到" in str(counter.shown(places[0])))
        await platform.type(*places, LONG, "4711")
        await asyncio.sleep(0.1)
        assert len(rows(tmp_path, ASKED)) == 1


async def comes_again(platform, *call):
    """The platform asks a few times, a little apart; the last status."""
    for _ in range(10):
        status = await platform.type(*call)
        if status == 200:
            break
        await asyncio.sleep(0.05)
    return status


async def test_the_same_callback_on_a_good_file_is_acknowledged_at_once(tmp_path):
    """The control."""
    async with open_app(tmp_path) as counter:
        assert await counter.world.app.type(ZHANG, LONG, "4711") == 200
        assert len(rows(tmp_path, ASKED)) == 1


async def test_the_platforms_own_retries_take_what_the_first_call_could_not(tmp_path):
    """It asks three times in all: the lock is gone before the last."""
    async with open_app(tmp_path) as counter:
        await counter.store.write(lambda tx: tx._connection.execute(IMPATIENT).fetchall())
        tried = []
        post = counter.world.app.post

        async def counted(query, body):
            tried.append(await post(query, body))
            return tried[-1]

        counter.world.app.post = counted
        with locked(tmp_path):
            calling = asyncio.create_task(counter.world.app.type(ZHANG, "我是谁"))
            await counter.until(lambda: tried)
        assert await calling == 200
        assert tried[0] == 503
        await counter.until(counter.shown)
        assert len(rows(tmp_path, ASKED)) == 1
