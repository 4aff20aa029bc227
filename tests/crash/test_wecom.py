"""SIGKILL between a command's arrival by WeCom and its end: it acts exactly once, and its answer is shown.

WeCom delivers nothing twice: what is answered after the restart was stored before.
"""

import asyncio
import signal
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest

from bot.sandbox.wecom import WecomWorld
from core.config import load
from core.run import open_shop
from core.steps import Steps
from core.values.people import ChatKind, Role
from tests.crash.test_telegram import PATIENCE_S, run
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, text_of

CONFIG = """\
[shop]
data_dir = "{folder}/data"
[wecom.aibot]
bot_id = "{bot_id}"
secret = "{secret}"
ws_url = "{url}"
"""


@asynccontextmanager
async def furnished(folder):
    """The world, and a shop's file with its people let in."""
    async with WecomWorld.open() as world:
        world.office.add_group(CHAT)
        file = folder / "config.toml"
        facts = {"folder": folder, "bot_id": world.bot_id, "secret": world.secret}
        file.write_text(CONFIG.format(url=world.addresses["wecom_ws"], **facts))
        async with open_shop(load(file, {})) as shop:
            await shop.engine.rooms.bind(GROUP, ChatKind.group)
            await shop.engine.people.keep(f"wecom:{BOSS}", "老板", Role.owner)
        yield world, file


async def until(done):
    async with asyncio.timeout(PATIENCE_S):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def cards(world):
    """What the group saw, but for the shop's own coming and going."""
    shown = [text_of(body) for body in world.people.messages(CHAT)]
    return [words for words in shown if "就绪" not in words and "掌柜停下了" not in words]


def rows(folder, sql):
    with closing(sqlite3.connect(folder / "data" / "shop.db")) as file:
        return [row[0] for row in file.execute(sql)]


async def is_connected(world):
    await until(lambda: world.gateway.line(world.bot_id) is not None)
    await asyncio.sleep(0.2)


@pytest.mark.parametrize("step", [Steps.request_stored, Steps.request_acted], ids=lambda step: step.value)
async def test_a_command_killed_on_its_way_acts_once_and_is_answered(step, tmp_path):
    async with furnished(tmp_path) as (world, config):
        shop = await run(config, step.value, "1")
        await is_connected(world)
        assert await world.people.type(CHAT, BOSS, "暂停 全部 2小时")
        assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == -signal.SIGKILL
        shown = len(cards(world))
        again = await run(config)
        await until(lambda: len(cards(world)) > shown)
        await until(lambda: not rows(tmp_path, "SELECT id FROM inbox WHERE source = 'request' AND state = 'waiting'"))
        again.terminate()
        assert await asyncio.wait_for(again.wait(), PATIENCE_S) == 0
        assert rows(tmp_path, "SELECT verb FROM acts WHERE who LIKE 'wecom:%'") == ["pause"]
        first, *repeats = cards(world)
        assert "暂停" in first
        assert all("可能重复" in card for card in repeats), repeats
        assert world.secret not in (tmp_path / "shop.log").read_text()


async def test_a_day_without_a_kill_is_the_same(tmp_path):
    """The control: one act, one answer."""
    async with furnished(tmp_path) as (world, config):
        shop = await run(config)
        await is_connected(world)
        await world.people.type(CHAT, BOSS, "暂停 全部 2小时")
        await until(lambda: cards(world))
        await asyncio.sleep(0.3)
        shop.terminate()
        assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == 0
        assert rows(tmp_path, "SELECT verb FROM acts WHERE who LIKE 'wecom:%'") == ["pause"]
        assert len(cards(world)) == 1
