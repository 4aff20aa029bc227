"""SIGKILL between a command's arrival by Telegram and its end: it acts exactly once, and its answer is shown."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.config import load
from core.run import open_shop
from core.steps import Steps
from tests.crash.day import ROOT
from tests.mortal import mortal
from tests.telegram_shop import Street, bind, open_street, until

CONFIG = """\
[shop]
data_dir = "{data}"
[telegram]
token = "{token}"
api_url = "{api_url}"
"""
PATIENCE_S = 25.0


async def furnish(street: Street, folder: Path) -> Path:
    """The shop's files, its people let in."""
    file = folder / "config.toml"
    file.write_text(CONFIG.format(data=folder / "data", token=street.world.token, api_url=street.world.api_url))
    async with open_shop(load(file, {})) as shop:
        await bind(shop.engine, street)
    return file


async def run(config: Path, *kill_at: str) -> asyncio.subprocess.Process:
    with (config.parent / "shop.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *mortal("tests.crash.run_telegram", str(config), *kill_at), cwd=ROOT, stderr=log
        )


def acts(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "data" / "shop.db")) as file:
        return [row[0] for row in file.execute("SELECT verb FROM acts WHERE who LIKE 'telegram:%'")]


def cards(street: Street) -> list[str]:
    """What the group saw, but for the cards of start and stop."""
    shown = [one.words for one in street.world.screen.from_bot(street.group)]
    return [words for words in shown if "就绪" not in words and "掌柜停下了" not in words]


def last_id(street: Street) -> int:
    return max(one.id for one in street.world.screen.messages(street.group))


@pytest.mark.parametrize("step", [Steps.request_stored, Steps.request_acted], ids=lambda step: step.value)
async def test_a_command_killed_on_its_way_acts_once_and_is_answered(step: Steps, tmp_path: Path) -> None:
    async with open_street() as street:
        config = await furnish(street, tmp_path)
        shop = await run(config, step.value, "1")
        await street.type("暂停 全部 2小时")
        assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == -signal.SIGKILL
        shown = cards(street)
        again = await run(config)
        await street.world.screen.see(street.group, "就绪", after=last_id(street), wait_s=PATIENCE_S)
        await until(lambda: not street.world.updates.waiting and len(cards(street)) > len(shown), PATIENCE_S)
        again.terminate()
        assert await asyncio.wait_for(again.wait(), PATIENCE_S) == 0
        assert acts(tmp_path) == ["pause"]
        first, *repeats = cards(street)
        assert "暂停" in first
        assert all("可能重复" in card for card in repeats), repeats
        assert (tmp_path / "shop.log").read_text().count(street.world.token.partition(":")[2]) == 0


async def test_a_day_without_a_kill_is_the_same(tmp_path: Path) -> None:
    """The control: one act, one answer."""
    async with open_street() as street:
        config = await furnish(street, tmp_path)
        shop = await run(config)
        await street.type("暂停 全部 2小时")
        await street.world.screen.see(street.group, "暂停", wait_s=PATIENCE_S)
        shop.terminate()
        assert await asyncio.wait_for(shop.wait(), PATIENCE_S) == 0
        assert len(acts(tmp_path)) == 1
