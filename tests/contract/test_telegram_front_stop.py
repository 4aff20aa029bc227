"""The emergency stop acts at once: no answer that is slow to be shown, and no budget that is used up, stands before it."""

import time
from pathlib import Path

from bot.sandbox.faults import Dial
from tests.telegram_shop import open_post, open_street, until


async def test_a_stop_does_not_wait_until_the_answer_before_it_is_shown(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        street.world.faults.set(Dial("slow", times=1, on="sendMessage", by_s=6.0))
        await street.type("待办")
        await until(lambda: street.world.faults.struck.get("slow"))
        began_s = time.monotonic()
        await street.type("急停")
        while not (await post.engine.pauses.show()).stopped:
            assert time.monotonic() - began_s < 3.0, "the answer before it stands in the way"
        await street.world.screen.see(street.group, "没有待办")


async def test_a_pressed_stop_does_not_wait_either(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        card = await street.ask("暂停 查看", "自动运行中")
        street.world.faults.set(Dial("slow", times=1, on="sendMessage", by_s=6.0))
        await street.type("待办")
        await until(lambda: street.world.faults.struck.get("slow"))
        began_s = time.monotonic()
        await street.press(card, "急停")
        while not (await post.engine.pauses.show()).stopped:
            assert time.monotonic() - began_s < 3.0


async def test_another_command_of_the_same_chat_does_wait(tmp_path: Path):
    """The control: answers come in the order things were asked in, and so do acts."""
    async with open_street() as street, open_post(street, tmp_path) as post:
        street.world.faults.set(Dial("slow", times=1, on="sendMessage", by_s=2.0))
        await street.type("待办")
        await until(lambda: street.world.faults.struck.get("slow"))
        began_s = time.monotonic()
        await street.type("暂停 全部 1小时")
        while not (await post.engine.pauses.show()).pauses:
            assert time.monotonic() - began_s < 10.0
        assert time.monotonic() - began_s > 1.0
