"""Files in Telegram: what takes its time to come holds up nobody's emergency stop, and what never comes is said."""

import time
from pathlib import Path

from bot.sandbox.faults import Dial
from tests import stockroom
from tests.flow.parcels import SF
from tests.labels import label
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


async def test_a_picture_in_reply_to_a_buyer_is_not_sent_and_that_is_said(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(lambda tx: stockroom.say(tx, stockroom.open_account(tx), 1, "有实拍吗"))
        card = await street.ask("对话 c1", "c1")
        reply = {"reply_to": card.id, "as_photo": True}
        seen = street.world.people.upload(street.boss, street.group, "a.png", label([SF]), caption="有的", **reply)
        said = await street.world.screen.see(street.group, "已交给平台", after=seen.id)
        assert "图片没有发给买家" in said.words
        seen = street.world.people.upload(street.boss, street.group, "a.png", label([SF]), **reply)
        await street.world.screen.see(street.group, "图片发不给买家", after=seen.id)
        said = await street.ask("那就这样", "已交给平台", reply_to=card.id)
        assert "图片" not in said.words
