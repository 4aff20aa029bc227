"""A photo of a waybill in WeCom: alone in private, with words in the group."""

from pathlib import Path

from tests.flow.parcels import SF, parcel
from tests.flow.wecom_counter import BOSS, CHAT, LI, NOBODY, open_wecom
from tests.labels import empty, label


async def test_a_photo_alone_in_private_is_read(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(BOSS))
        await c.world.people.send_picture(BOSS, label([SF]))
        assert SF in str(await c.next(before, BOSS, 15))


async def test_a_photo_with_its_orders_number_is_read_in_the_group(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(CHAT))
        await c.world.people.send_picture(BOSS, label([SF]), chat_id=CHAT, words="@掌柜 发货 #1")
        assert SF in str(await c.next(before, CHAT, 15))


async def test_a_photo_without_a_code_says_what_to_type(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(BOSS))
        await c.world.people.send_picture(BOSS, empty())
        assert "没认出" in str(await c.next(before, BOSS, 15))


async def test_only_those_who_may_ship_are_read_for(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(LI))
        await c.world.people.send_picture(LI, label([SF]))
        assert SF not in str(await c.next(before, LI, 15))
        await c.world.people.send_picture(NOBODY, label([SF]))
        assert SF not in str(c.shown(NOBODY))
