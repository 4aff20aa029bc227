"""Cards: limits hold whatever buyers call themselves, and what is shown is clean and masked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.cards.accounts import reconnecting_card, trouble_card
from bot.cards.card import MAX_BUTTONS, MAX_TOTAL, Button, Card, Draft, FieldLine, Offer, Style, units
from bot.cards.clean import clean, clip, mask_nick, mask_phones
from bot.cards.pen import Pen
from bot.cards.seal import write
from bot.fronts.paper import plain_lines
from bot.texts import load
from core.values.ids import AccountId, ActionId, UserId
from core.values.notices import NoticeKind, Urgency
from core.values.views import AccountHealth
from tests.stockroom import NOW, ZONE

HOSTILE = [
    "<b>x</b>&amp;",
    "\u202egnp.exe",
    "a\u200bb\u200dc",
    "\x1b[31mred\x07",
    "z\u0300\u0301\u0302\u0303\u0304\u0305",
    "👨‍👩‍👧‍👦" * 50,
    "长" * 100_000,
    "a\nb\r\nc",
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_fits_on_a_card(name: str):
    card = write(
        Draft(entity="order", entity_id=1, title=f"🟠 {name}", fields=((name, name), ("买家", name)), note=name)
    )
    assert units(card.plain()) <= MAX_TOTAL
    assert not any(sign in card.plain() for sign in "\u202e\u200b\x1b\x07\r")
    assert "\n" not in card.title


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300),
    st.lists(st.tuples(st.text(max_size=40), st.text(max_size=500)), max_size=40),
    st.text(max_size=5000),
)
def test_whatever_stands_in_a_draft_becomes_a_card(title: str, fields: list[tuple[str, str]], note: str):
    card = write(Draft(entity="order", title=f"x{title}", fields=tuple(fields), note=note))
    assert units(card.plain()) <= MAX_TOTAL
    assert plain_lines(card, (), again=True).endswith("\n\n")


def test_a_card_over_its_limits_cannot_be_made():
    good = {"ref": "order:1", "version": 1, "urgency": Urgency.normal, "title": "x"}
    button = Button("ok", Style.plain, ActionId("a"))
    bad: list[dict[str, object]] = [
        {"title": ""},
        {"title": "x" * 81},
        {"buttons": (button,) * (MAX_BUTTONS + 1)},
        {"buttons": (Button("x" * 21, Style.plain, ActionId("a")),)},
        {"fields": (FieldLine("x" * 17, "y"),)},
        {"fields": (FieldLine("x", "y" * 301),)},
        {"fields": (FieldLine("x", "y" * 300),) * 24},
    ]
    assert Card.model_validate(good | {"buttons": (button,) * MAX_BUTTONS})
    for change in bad:
        with pytest.raises(ValidationError):
            Card.model_validate(good | change)


def test_a_draft_cannot_offer_more_than_six_buttons():
    with pytest.raises(ValidationError):
        Draft(entity="x", title="x", offers=(Offer(label="a", words="help"),) * 7)


@pytest.mark.parametrize(
    ("nick", "masked"), [("小黄鱼", "小**鱼"), ("鱼", "鱼**"), ("小鱼", "小**"), ("", "**"), ("\u202e小黄鱼", "小**鱼")]
)
def test_a_buyers_nick_is_masked(nick: str, masked: str):
    assert mask_nick(nick) == masked


def test_phone_numbers_are_masked_and_order_numbers_are_not():
    assert mask_phones("打我 13812345678，单号 3000000000000000001") == "打我 138****5678，单号 3000000000000000001"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("vx13812345678", "vx138****5678"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("1381 2345 678", "138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("86 138 1234 5678", "86 138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("打010-62345678转1", "打010****5678转1"),
    ],
)
def test_a_phone_number_is_masked_however_it_is_typed(typed: str, shown: str):
    assert mask_phones(typed) == shown


@pytest.mark.parametrize(
    "typed", ["2026-11-21 13:45:00", "SF1381234567890", "¥ 1,380.00", "13 2026-11-21", "1380-1381", "138123456789"]
)
def test_what_is_no_phone_number_stays(typed: str):
    assert mask_phones(typed) == typed


def test_cleaning_keeps_lines_only_where_they_are_wanted():
    assert clean("a\n\n\n\nb", 10) == "a b"
    assert clean("a\n\n\n\nb", 10, lines=True) == "a\n\nb"
    assert clip("12345", 4) == "123…"


def pen(locale: str = "zh") -> Pen:
    return Pen(load(locale), ZONE, NOW)


def test_money_is_written_as_people_write_it():
    assert [pen().money(fen) for fen in (None, 0, 5, 123450, -990)] == [
        "–",
        "¥ 0.00",
        "¥ 0.05",
        "¥ 1,234.50",
        "-¥ 9.90",
    ]


def test_lengths_take_their_largest_fitting_unit():
    assert [pen().span(s) for s in (0, 59, 60, 7199, 7200, 172800)] == [
        "0 秒",
        "59 秒",
        "1 分钟",
        "119 分钟",
        "2 小时",
        "2 天",
    ]


def test_a_state_nobody_gave_a_word_is_shown_by_its_name():
    assert pen("en").word("reason", "brand_new_reason") == "brand new reason"


@pytest.mark.parametrize(
    ("state", "says"), [("login_expired", "点扫码登录"), ("offline", "连上了健康里会变绿"), ("online", "已恢复")]
)
def test_a_card_of_a_trouble_advises_what_is_wanted_now(state: str, says: str):
    account = AccountHealth(id=AccountId(1), name="main", user_id=UserId("22"), state=state)
    draft = trouble_card(account, pen(), kind=NoticeKind.login_expired, urgency=Urgency.urgent)
    assert says in draft.note


@pytest.mark.parametrize("state", ["new", "online", "offline", "login_expired", "challenged"])
def test_the_copy_of_an_answer_about_an_account_can_be_drawn_in_every_state_it_comes_to(state: str) -> None:
    account = AccountHealth(id=AccountId(1), name="main", state=state)
    answered = reconnecting_card(account, pen())
    drawn = trouble_card(account, pen(), kind=answered.kind, urgency=Urgency.quiet)
    assert drawn.title
    assert drawn.note
