"""SIGKILL between a press in WeCom and its end, over each wire: it acts exactly once, and it is told.

The long connection delivers nothing twice; a callback that was not acknowledged may come again.
"""

import asyncio
import signal
from contextlib import asynccontextmanager

import pytest

from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.api import AGENT, CORP
from core.config import load
from core.run import open_shop
from core.steps import Steps
from core.values.people import ChatKind, Role
from tests.crash.test_telegram import PATIENCE_S, run
from tests.crash.test_wecom import rows, until
from tests.flow.test_wecom_process import free_port
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, text_of, words_of

SHOP = """\
[shop]
data_dir = "{folder}/data"
[wecom.http]
port = {port}
"""
SOCKET = """\
[wecom.aibot]
bot_id = "{world.bot_id}"
secret = "{world.secret}"
ws_url = "{world.addresses[wecom_ws]}"
"""
URL = """\
[wecom.aibot]
token = "{world.robot.seal.token}"
aes_key = "{world.robot.seal.aes_key}"
[wecom.webhook]
url = "{world.addresses[wecom_webhook]}"
"""
APP = """\
[wecom.app]
corp_id = "{corp}"
agent_id = {agent}
secret = "{world.app.secret}"
token = "{world.app.seal.token}"
aes_key = "{world.app.seal.aes_key}"
api_url = "{world.addresses[wecom_api]}"
"""
QUESTION = "恢复运行"


class Wire:
    """One way between people and the shop: how they write, press, and when the shop can hear them."""

    front, chat, config = "wecom", CHAT, SOCKET

    def __init__(self, world, port):
        self.world, self.port = world, port

    async def is_open(self):
        await until(lambda: self.world.gateway.line(self.world.bot_id) is not None)
        await asyncio.sleep(0.2)

    async def type(self, words):
        return await self.world.people.type(CHAT, BOSS, words)

    async def press(self, task_id, key):
        await self.world.people.forge_click(CHAT, task_id, key, BOSS)

    async def comes_again(self, task_id, key):
        """What the platform delivers a second time."""

    def shown(self):
        """Everything people saw, in its order."""
        return [words for entry in self.world.office.record.entries if (words := words_in(entry))]


def words_in(entry):
    if entry["kind"] == "card_updated":
        return words_of(entry["card"])
    if entry["kind"] == "stream":
        return entry["content"]
    return text_of(entry["body"]) if entry["kind"] in ("sent", "replied", "pushed") else ""


class Called(Wire):
    """The robot's URL."""

    config = URL

    async def is_open(self):
        self.world.robot.url = f"http://127.0.0.1:{self.port}/wecom/aibot"
        await answers(self.world.robot.check_url)

    async def type(self, words):
        return await self.world.robot.type(CHAT, BOSS, words)

    async def press(self, task_id, key):
        await self.world.robot.click(task_id, key, BOSS)


class AppsWire(Wire):
    """The app's callbacks; one that was not acknowledged comes again, with the same facts."""

    front, chat, config = "wecomapp", BOSS, APP

    async def is_open(self):
        self.world.app.url = f"http://127.0.0.1:{self.port}/wecom/callback"
        await answers(self.world.app.check_url)

    async def type(self, words):
        return await self.world.app.type(BOSS, words)

    async def press(self, task_id, key):
        self.sealed = []
        post = self.world.app.post

        async def kept(query, body):
            self.sealed.append((query, body))
            return await post(query, body)

        self.world.app.post = kept
        await self.world.app.click(task_id, key, BOSS)
        self.world.app.post = post

    async def comes_again(self, task_id, key):
        assert [await self.world.app.post(*self.sealed[-1]) for _ in range(2)] == [200, 200]


async def answers(check):
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                if (await check())[0] == 200:
                    return
            except Exception:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def furnished(folder, kind):
    """A world and a shop that stands still, whose owner was asked whether it may go on."""
    async with WecomWorld.open() as world:
        world.office.add_group(CHAT)
        wire, file = kind(world, free_port()), folder / "config.toml"
        config = (SHOP + kind.config).format(folder=folder, port=wire.port, world=world, corp=CORP, agent=AGENT)
        file.write_text(config)
        async with open_shop(load(file, {})) as shop:
            home = GROUP if kind.front == "wecom" else f"wecomapp:{BOSS}"
            await shop.engine.rooms.bind(home, ChatKind.group if kind.front == "wecom" else ChatKind.private)
            await shop.engine.people.keep(f"{kind.front}:{BOSS}", "老板", Role.owner)
        async with running(file, wire):
            await wire.type("急停")
            await until(lambda: rows(folder, "SELECT id FROM pauses WHERE ended_at IS NULL"))
            await wire.type(QUESTION)
            await until(lambda: asked(wire))
        yield wire, file


@asynccontextmanager
async def running(config, wire, *kill_at):
    shop = await run(config, *kill_at)
    await wire.is_open()
    yield shop
    if shop.returncode is None:
        shop.terminate()
        assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == 0


def asked(wire):
    """The question's card: its task_id and the key of its first button."""
    for card in reversed(wire.world.people.cards(wire.chat)):
        if "恢复运行？" in words_of(card.card) and card.card.get("button_list"):
            return card.task_id, card.card["button_list"][0]["key"]
    return None


def resumed(wire, before):
    """What says that it goes on again, since then."""
    return [words for words in wire.shown()[before:] if "自动运行中" in words]


async def is_resumed(wire, before):
    try:
        await until(lambda: resumed(wire, before))
    except TimeoutError:
        raise AssertionError(wire.shown()[before:]) from None


@pytest.mark.parametrize("step", [Steps.request_stored, Steps.request_acted], ids=lambda step: step.value)
@pytest.mark.parametrize("kind", [Wire, Called, AppsWire], ids=["socket", "url", "app"])
async def test_a_press_killed_on_its_way_acts_once_and_is_told(kind, step, tmp_path):
    async with furnished(tmp_path, kind) as (wire, config):
        task_id, key = asked(wire)
        async with running(config, wire, step.value, "1") as shop:
            await wire.press(task_id, key)
            assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == -signal.SIGKILL
        before = len(wire.shown())
        async with running(config, wire):
            await wire.comes_again(task_id, key)
            await is_resumed(wire, before)
            waiting = "SELECT id FROM inbox WHERE source = 'request' AND state = 'waiting'"
            await until(lambda: not rows(tmp_path, waiting))
            await wire.press(task_id, key)
            await asyncio.sleep(0.3)
        assert rows(tmp_path, "SELECT verb FROM acts WHERE who LIKE 'wecom%'") == ["stop_all", "resume_all"]
        assert rows(tmp_path, "SELECT id FROM pauses WHERE ended_at IS NULL") == []
        assert "可能重复" in resumed(wire, before)[0], "the shop does not know whether it was shown before the crash"


@pytest.mark.parametrize("kind", [Wire, Called, AppsWire], ids=["socket", "url", "app"])
async def test_a_press_nobody_kills_is_the_same(kind, tmp_path):
    """The control."""
    async with furnished(tmp_path, kind) as (wire, config), running(config, wire):
        before = len(wire.shown())
        await wire.press(*asked(wire))
        await is_resumed(wire, before)
        assert rows(tmp_path, "SELECT verb FROM acts WHERE who LIKE 'wecom%'") == ["stop_all", "resume_all"]
        assert not [words for words in wire.shown() if "可能重复" in words]
