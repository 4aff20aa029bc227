"""A photo of a waybill is a number to confirm: alone, with its order, in reply to the alert, with /ship."""

from pathlib import Path

from bot.auth import Attachment
from bot.cards.card import Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.scans.scanning import Scanner
from core.values.people import ChatKind
from tests.counter import OWNER, STRANGER, Counter, open_counter
from tests.flow.parcels import SF, SF2, YT, ZT, labels, parcel, sent
from tests.labels import empty, label


def seeing(c: Counter) -> Counter:
    c.desk = Desk(c.engine, Fronts({"dummy": c.front}), TABLE, scanning=Scanner())
    return c


async def show(c: Counter, picture: bytes, words: str | None = None, **more):
    file = Attachment(name="photo.jpg", content=picture)
    return await c.type(words, more.pop("who", OWNER), attachment=file, picture=True, **more)


async def test_a_photo_alone_with_one_parcel_waiting_is_one_press(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(seeing(c))
        card = await show(c, label([SF, "755WF-010"], qr=["https://example.com"]))
        assert card is not None and "#1" in card.title and f"顺丰速运 {SF}" in card.plain()
        assert await sent(c, 1) == (None, None, False)
        await c.press("顺丰")
        assert await sent(c, 1) == ("SF", SF, True)


async def test_the_order_may_be_the_caption_the_alert_or_the_ship_command(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(seeing(c), 1)
        await parcel(c, 2)
        await c.tell()
        alert = next(shown for shown in c.front.shown if "#2" in shown.card.title)
        for words, more in (
            ("#2", {}),
            ("2 顺丰", {}),
            ("发货 #2", {}),
            ("运单 2", {}),
            (None, {"reply_to": alert.message}),
        ):
            card = await show(c, label([SF]), words, **more)
            assert card is not None and "#2" in card.title and SF in card.plain(), words
        card = await show(c, label([ZT]), "发货 #2 申通")
        assert labels(card)[:2] == ["✅ 申通快递发货", "✅ 中通快递发货"] and "不像申通快递" in card.note
        assert (await sent(c, 2))[2] is False


async def test_two_numbers_on_a_label_are_chosen_from(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(seeing(c))
        card = await show(c, label([SF, SF2]))
        assert sorted(labels(card)) == [SF, SF2]


async def test_a_photo_nothing_can_be_read_on_says_what_to_do(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(seeing(c))
        card = await show(c, empty(), "发货 #1")
        assert card is not None and "没认出" in card.title and "发货 #1 顺丰" in card.note


async def test_photos_that_are_not_meant_are_left_alone(tmp_path: Path):
    """In the group, with no parcel waiting, a photo is talk; in private it is answered."""
    async with open_counter(tmp_path) as c:
        seeing(c)
        assert await show(c, label([YT])) is None
        assert await show(c, label([YT]), "看看这个") is None
        request = c.request(None, STRANGER, picture=True)
        assert not await c.desk.concerns(request)
        card = await show(c, label([YT]), chat=OWNER, chat_kind=ChatKind.private)
        assert card is not None and YT in card.plain()
        await parcel(c)
        assert await c.desk.concerns(c.request(None, picture=True))
        assert not await c.desk.concerns(c.request(None, STRANGER, picture=True, chat="dummy:-7"))


async def test_a_counter_that_cannot_see_says_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await show(c, label([SF]))
        assert card is not None and "没认出" in card.title
