"""Files in Telegram: what takes its time to come holds up nobody's emergency stop, and what never comes is said."""

import time
from pathlib import Path

from bot.sandbox.faults import Dial
from core.store.db import Tx
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


async def test_a_file_of_keys_without_a_word_is_asked_whose_it_is_and_goes_in_by_two_presses(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(keyed)
        keys = street.world.people.upload(street.boss, street.group, "keys.txt", b"AAAA-1111\nBBBB-2222\n")
        asked = await street.world.screen.see(street.group, "收到 2 行：是哪个商品的卡密", after=keys.id)
        assert [button["text"] for button in asked.buttons] == ["p2"]
        await street.press(asked, "p2")
        sure = await street.world.screen.see(street.group, "导入卡密？p2", after=asked.id)
        await street.press(sure, "导入")
        await street.world.screen.see(street.group, "已导入 2 条", after=asked.id)
        assert (await post.engine.items.show(2)).product.free == 2


async def test_what_is_no_list_is_talk_in_a_group_and_a_strangers_file_is_nothing(tmp_path: Path):
    """The control is the file above: the same way, by the owner, with the name of a list."""
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(keyed)
        street.world.people.upload(street.boss, street.group, "合同.pdf", b"%PDF-1.7")
        street.world.people.upload(street.stranger, street.group, "keys.txt", b"AAAA-1111\n")
        card = await street.ask("待办", "没有待办")
        assert not [
            one for one in street.world.screen.from_bot(street.group) if "收到" in one.words and one.id < card.id
        ]
        assert (await post.engine.items.show(2)).product.free == 0


def keyed(tx: Tx) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", text="好的")
    stockroom.add_product(tx, account, "900002", keyed="on")
