"""A card as Telegram shows it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.auth import Attachment
from bot.cards.card import MAX_NOTE, MAX_TITLE, Button, Card, Draft, Style, units
from bot.cards.seal import write
from bot.commands.words import read_line
from bot.fronts.telegram.faults import WORDS, Reason, reason_of
from bot.fronts.telegram.letters import Letter, repair
from bot.fronts.telegram.paint import MAX_CAPTION, MAX_TEXT, Page, columns, lay_out, paint, read_data, toast
from bot.texts import load
from core.values.ids import ActionId
from core.values.notices import Urgency

TEXTS = load("zh")


def card(*verbs: str, **more) -> Card:
    buttons = tuple(Button(verb, Style.plain, ActionId(f"abc{n}")) for n, verb in enumerate(verbs))
    return write(Draft(**{"entity": "order", "entity_id": 42, "title": "待审批", **more}), buttons)


def test_the_title_is_bold_and_facts_are_lines():
    shown = card(fields=(("商品", "月卡 ×1"),), note="若无人处理")
    assert paint(shown, TEXTS).html == "<b>待审批</b>\n商品  月卡 ×1\n\n若无人处理"


def test_everything_from_outside_is_escaped():
    shown = card(title="<b>x</b>", fields=(("<i>", "<a href='tg://user?id=1'>&amp;"),), note="</b><script>")
    html = paint(shown, TEXTS).html
    assert html.replace("<b>", "", 1).replace("</b>", "", 2).count("<") == 0 or "&lt;script&gt;" in html
    assert "<a" not in html
    assert "<i>" not in html
    assert "<script>" not in html


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=400))
def test_no_text_makes_a_tag(title, value, note):
    html = paint(card(title=f"t{title}", fields=(("l", value),), note=note), TEXTS).html
    bare = html.replace("<b>", "", 1).replace("</b>", "", 1)
    assert "<" not in bare
    assert ">" not in bare


def test_a_buyers_mention_calls_nobody():
    html = paint(card(fields=(("买家", "加我 @evil_bot 或 a@b.com"),)), TEXTS).html
    assert "@evil_bot" not in html
    assert "a@b.com" in html


def test_a_buyers_command_is_no_tap_away():
    html = paint(card(fields=(("留言", "/stop_all 或 http://a.cn/b"),)), TEXTS).html
    assert "/stop_all" not in html
    assert "http://a.cn/b" in html
    assert read_line("/\u2060stop_all").word == "stop_all"


def test_plain_words_are_dead_too_and_no_longer():
    """A buyer's thousand mentions make the HTML too long; the words that go instead must not come to life."""
    words = "/stop_all " + "@老板 " * 900
    page = paint(write(Draft(entity="chat", title="新消息", note=words)), TEXTS)
    assert not re.search(r"(?<!\w)@\w|(?<![\w/])/[A-Za-z]", page.plain)
    assert units(page.plain) <= MAX_TEXT


def test_a_long_note_is_folded():
    assert "<blockquote expandable>" in paint(card(note="长" * 700), TEXTS).html
    assert "<blockquote" not in paint(card(note="短"), TEXTS).html


@given(
    st.text(min_size=1, max_size=MAX_TITLE),
    st.lists(st.text(max_size=400), max_size=30),
    st.text(max_size=MAX_NOTE * 2),
)
def test_the_largest_card_fits_a_message(title, values, note):
    shown = card(title=f"t{title}", fields=tuple(("标签", value) for value in values), note=note)
    page = paint(shown, TEXTS, TEXTS("notice.maybe_again"))
    assert units(page.plain) <= MAX_TEXT


def test_a_picture_with_few_words_is_one_message_and_with_many_two():
    few = paint(card(picture=b"png"), TEXTS)
    assert few.after is None
    many = paint(card(picture=b"png", note="长" * 1400), TEXTS)
    assert many.html == "<b>待审批</b>"
    assert many.after is not None
    assert "长长" in many.after.html
    assert units(many.plain) <= MAX_CAPTION
    assert not many.after.keys


def test_a_file_with_many_words_keeps_them_too():
    page = paint(card(file=Attachment(name="a.csv", content=b"1"), note="长" * 1400), TEXTS)
    assert page.after is not None


def test_buttons_carry_their_colour_and_a_short_id():
    shown = write(
        Draft(entity="order", title="x"),
        (Button("✅ 批准", Style.good, ActionId("a" * 10)), Button("⛔ 拒绝", Style.danger, ActionId("b" * 10))),
    )
    ((approve, reject),) = paint(shown, TEXTS).keys
    assert (approve.style, reject.style) == ("success", "danger")
    assert approve.data == "v1|aaaaaaaaaa"
    assert read_data(approve.data) == "a" * 10
    assert len(approve.data.encode()) <= 64


def rows_of(*verbs: str) -> list[int]:
    return [len(row) for row in lay_out(card(*verbs), TEXTS)]


def test_short_words_stand_three_in_a_row_and_long_ones_two_or_alone():
    assert rows_of("今天", "7天", "30天") == [3]
    assert rows_of("✅ 批准", "⛔ 拒绝", "⏸ 1小时", "🔎 详情") == [3, 1]
    assert rows_of("✅ 确认发货给买家", "取消") == [1, 1]
    assert rows_of("⏱ 推迟30分", "✍ 转人工", "↩ 撤销") == [2, 1]
    assert columns("✅ 批准") == 7


def test_an_order_number_can_be_copied_with_one_tap():
    shown = card("🔎 详情", fields=(("订单号", "4031234567890123456"),), copyable="4031234567890123456")
    page = paint(shown, TEXTS)
    assert page.keys[-1][-1].copies == "4031234567890123456"
    assert "<code>4031234567890123456</code>" in page.html


def test_a_mark_stands_before_the_title():
    assert paint(card(), TEXTS, "⚠️ 可能重复").plain == "⚠️ 可能重复 · 待审批"


def test_only_a_quiet_card_makes_no_sound():
    assert paint(card(urgency=Urgency.quiet), TEXTS).quiet
    assert not paint(card(urgency=Urgency.urgent), TEXTS).quiet


def test_a_toast_is_short():
    assert toast(card(title="🚫 张三 已于 21:03 按过。")) == "🚫 张三 已于 21:03 按过。"
    assert len(toast(card(note="长" * 500))) == 200


@pytest.mark.parametrize(("part", "reason"), WORDS)
def test_a_refusal_of_telegrams_is_understood(part, reason):
    assert reason_of(f"Bad Request: {part.capitalize()} at byte 3") is reason


def test_a_refusal_nobody_knows_is_other():
    assert reason_of("Bad Request: something new") is Reason.other


def test_a_letter_loses_what_was_refused_and_keeps_its_words():
    letter = Letter(Page("<b>x</b>", "x", picture=b"p"), topic=4, reply_to=9)
    assert repair(letter, Reason.no_reply_target).reply_to is None
    assert repair(letter, Reason.no_topic).topic is None
    assert repair(letter, Reason.bad_entities).words == "x"
    assert repair(letter, Reason.bad_picture).page.picture is None


@given(st.lists(st.sampled_from(Reason), min_size=12, max_size=12))
def test_repairs_come_to_an_end(reasons):
    letter: Letter | None = Letter(Page("<b>x</b>", "x", picture=b"p"), topic=4, reply_to=9)
    done = 0
    for reason in reasons * 3:
        if letter is None:
            break
        letter, done = repair(letter, reason), done + 1
    assert letter is None or done == len(reasons * 3)
    assert repair(Letter(Page("x", "x"), formatted=False), Reason.other) is None
