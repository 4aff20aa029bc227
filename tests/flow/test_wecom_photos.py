"""A photo of a waybill in WeCom: alone in private, with words in the group."""

from pathlib import Path

from tests.flow.parcels import SF, parcel
from tests.flow.wecom_counter import BOSS, CHAT, LI, NOBODY, WecomCounter, open_wecom
from tests.labels import empty, label

PATIENCE_S = 15
"""Real seconds: a code is read in a process of its own, which has to start; on a busy machine 处理中 comes before."""


async def said(c: WecomCounter, chat: str, before: int) -> str:
    """The answer, whatever stood there while it was thought of."""
    await c.until(lambda: any("处理中" not in str(one) for one in c.shown(chat)[before:]), PATIENCE_S)
    return str(c.shown(chat)[before:])


async def test_a_photo_alone_in_private_is_read(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(BOSS))
        await c.world.people.send_picture(BOSS, label([SF]))
        assert SF in await said(c, BOSS, before)


async def test_a_photo_with_its_orders_number_is_read_in_the_group(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(CHAT))
        await c.world.people.send_picture(BOSS, label([SF]), chat_id=CHAT, words="@掌柜 发货 #1")
        assert SF in await said(c, CHAT, before)


async def test_a_photo_without_a_code_says_what_to_type(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(BOSS))
        await c.world.people.send_picture(BOSS, empty())
        assert "没认出" in await said(c, BOSS, before)


async def test_only_those_who_may_ship_are_read_for(tmp_path: Path):
    async with open_wecom(tmp_path) as c:
        await parcel(c)
        before = len(c.shown(LI))
        await c.world.people.send_picture(LI, label([SF]))
        assert SF not in await said(c, LI, before)
        await c.world.people.send_picture(NOBODY, label([SF]))
        assert SF not in str(c.shown(NOBODY))
