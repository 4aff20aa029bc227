"""Files in Telegram: what takes its time to come holds up nobody's emergency stop, and what never comes is said."""

import time
from pathlib import Path

from bot.sandbox.faults import Dial
from tests.telegram_shop import open_post, open_street


async def test_an_emergency_stop_does_not_wait_for_the_file_that_came_before_it(tmp_path: Path):
    async with open_street() as street:
        street.world.faults.set(Dial("slow", times=1, on="getFile", by_s=3.0))
        keys = street.world.people.upload(street.boss, street.group, "keys.txt", b"A\nB", caption="导入卡密 p1")
        await street.type("急停", street.clerk)
        began_s = time.monotonic()
        async with open_post(street, tmp_path) as post:
            await street.world.screen.see(street.group, "急停中", after=keys.id)
            assert time.monotonic() - began_s < 2.0
            assert (await post.engine.pauses.show()).stopped
            await street.world.screen.see(street.group, "找不到这个商品", after=keys.id)


async def test_a_file_that_does_not_come_in_time_is_said_and_holds_up_nobody_longer(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path, file_s=0.5) as post:
        street.world.faults.set(Dial("slow", times=1, on="getFile", by_s=8.0))
        keys = street.world.people.upload(street.boss, street.group, "keys.txt", b"A\nB", caption="导入卡密 p1")
        await street.world.screen.see(street.group, "文件没能下载", after=keys.id)
        assert await street.ask("待办", "没有待办")
        assert post.listening is not None
        assert not post.listening.done()
