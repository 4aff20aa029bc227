"""The owner ships parcels with one thumb: typed, pasted, forwarded; a doubt asks and never refuses."""

from pathlib import Path

import pytest

from core.values.people import ChatKind
from tests.counter import OPERATOR, OWNER, STRANGER, VIEWER, open_counter
from tests.flow.parcels import NOTICE, SF, SF2, YT, ZT, labels, parcel, sent


@pytest.mark.parametrize(
    "words",
    [
        f"发货 #1 顺丰 {SF}",
        f"ship #1 SF {SF.lower()}",
        f"发货 1 {SF} 顺丰",
        f"发货1 顺丰{SF}",
        "发货 #1 顺丰快递 SF 1234 5678 90123",
        f"发货 #1 顺丰 {SF[:8]}-{SF[8:]}",
    ],
)
async def test_a_number_typed_in_any_way_ships_with_the_platforms_code(tmp_path: Path, words: str):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(words)
        assert card is not None and f"顺丰速运 {SF}" in card.plain()
        assert await sent(c, 1) == ("SF", SF, True)


async def test_a_number_that_is_not_the_carriers_is_asked_about_and_ships_by_a_press(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"发货 #1 顺丰 {YT}")
        assert card is not None and "不像顺丰速运" in card.note
        assert labels(card) == ["✅ 顺丰速运发货", "✅ 圆通速递发货", "取消"]
        assert await sent(c, 1) == (None, None, False)
        await c.press("圆通")
        assert await sent(c, 1) == ("YTO", YT, True)


async def test_a_doubt_is_never_a_refusal(tmp_path: Path):
    """The owner knows better than the table: the carrier typed can be pressed all the same."""
    async with open_counter(tmp_path) as c:
        await parcel(c)
        await c.type(f"发货 #1 顺丰 {YT}")
        await c.press("顺丰")
        assert await sent(c, 1) == ("SF", YT, True)


async def test_a_number_alone_offers_the_carrier_of_its_form(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"发货 #1 {ZT}")
        assert card is not None and "没写快递公司" in card.note
        assert labels(card)[0] == "✅ 中通快递发货"
        await c.press("中通")
        assert await sent(c, 1) == ("ZTO", ZT, True)


async def test_a_carrier_nobody_knows_is_asked_about_and_a_code_may_be_used(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"发货 #1 飞毛腿 {SF}")
        assert labels(card)[0] == "✅ 顺丰速运发货"
        card = await c.type("发货 #1 zjsx 1234567890")
        assert labels(card) == ["✅ ZJSX发货", "取消"]
        await c.press("ZJSX")
        assert await sent(c, 1) == ("ZJSX", "1234567890", True)


async def test_words_that_can_be_no_number_say_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type("发货 #1 顺丰 12345")
        assert card is not None and "不像快递单号" in card.title + card.note
        card = await c.type("发货 #1 顺丰")
        assert card is not None and await sent(c, 1) == (None, None, False)


async def test_a_number_another_order_has_is_asked_about(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c, 1)
        await parcel(c, 2)
        await c.type(f"发货 #1 顺丰 {SF}")
        card = await c.type(f"发货 #2 顺丰 {SF}")
        assert card is not None and "#1 已经用了这个单号" in card.note
        await c.press("顺丰")  # two orders in one parcel
        assert await sent(c, 2) == ("SF", SF, True)


async def test_a_pasted_notice_with_one_parcel_waiting_is_one_press(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(NOTICE)
        assert card is not None and "#1" in card.title and f"顺丰速运 {SF}" in card.plain()
        assert await sent(c, 1) == (None, None, False), "nothing ships from a guess without a press"
        await c.press("顺丰")
        assert await sent(c, 1) == ("SF", SF, True)


async def test_a_notice_forwarded_from_another_chat_is_read_and_a_command_is_not(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(NOTICE, forwarded=True)
        assert card is not None and SF in card.plain()
        card = await c.type(f"发货 #1 顺丰 {SF}", forwarded=True)
        assert card is not None and await sent(c, 1) == (None, None, False)


async def test_with_several_waiting_the_order_is_chosen_and_then_asked_about(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for n in (1, 2, 3):
            await parcel(c, n)
        card = await c.type(NOTICE)
        assert labels(card) == ["#1", "#2", "#3"]
        card = await c.press("#2")
        assert card is not None and "#2" in card.title
        await c.press("顺丰")
        assert [(await sent(c, n))[2] for n in (1, 2, 3)] == [False, True, False]


@pytest.mark.parametrize("words", [f"运单 #2 {NOTICE}", f"#2 {SF}", f"2 顺丰 {SF}", f"快递单 2 {SF}"])
async def test_the_order_may_stand_before_the_number(tmp_path: Path, words: str):
    async with open_counter(tmp_path) as c:
        await parcel(c, 1)
        await parcel(c, 2)
        card = await c.type(words)
        assert card is not None and "#2" in card.title and SF in card.plain()


async def test_in_reply_to_the_orders_alert_its_order_is_meant(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c, 1)
        await parcel(c, 2)
        await c.tell()
        alert = next(shown for shown in c.front.shown if "#2" in shown.card.title)
        card = await c.type(f"到了\n{NOTICE}", reply_to=alert.message)
        assert card is not None and "#2" in card.title
        card = await c.type("123456789012", reply_to=alert.message)
        assert card is not None and "#2" in card.title and "123456789012" in card.plain()
        await c.type(f"发货 顺丰 {SF}", reply_to=alert.message)
        assert await sent(c, 2) == ("SF", SF, True)


async def test_two_numbers_in_one_text_are_chosen_from(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"顺丰两件：{SF} 和 {SF2}")
        assert labels(card) == [SF, SF2]
        card = await c.press(SF2)
        assert card is not None and SF2 in card.plain() and "#1" in card.title


async def test_nothing_waits_and_nothing_is_read_are_said_with_the_next_step(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type(NOTICE)
        assert card is not None and "没有等单号的订单" in card.title and "运单 #42" in card.note
        card = await c.type("运单")
        assert card is not None and "发货 #42 顺丰" in card.note


async def test_talk_in_the_group_is_left_alone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        for talk in ("晚上吃什么 13812345678", "5127638256187075541", "今天 20261121"):
            assert await c.type(talk) is None


async def test_only_those_who_may_ship_are_asked(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        assert SF not in (await c.type(NOTICE, VIEWER)).plain()
        assert await c.type(NOTICE, STRANGER) is None
        assert not await c.desk.concerns(c.request(NOTICE, STRANGER, chat="dummy:-7"))
        assert SF in (await c.type(NOTICE, OPERATOR)).plain()


async def test_a_press_ships_once_whoever_presses(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        await c.type(NOTICE)
        asked = c.last
        await c.press("顺丰", OWNER, asked)
        await c.press("顺丰", OWNER, asked)
        assert c.last.card.ref == "refused:0"
        assert await sent(c, 1) == ("SF", SF, True)


async def test_words_that_hold_html_and_hidden_signs_are_shown_as_words(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"<b>顺丰</b> {SF[:5]}\u200b{SF[5:]} &lt;", OWNER, chat=OWNER, chat_kind=ChatKind.private)
        assert card is None or "<b>" not in card.plain()
