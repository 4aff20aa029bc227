"""The shop's own polite texts: what may be saved, how places are filled, when buyers sleep."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadArgument
from core.rules.templates import DEFAULTS, check_text, fill, is_night, key_of, occasion_of, sample
from core.values.templates import TemplateName

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("name", TemplateName)
def test_a_stated_default_may_be_saved_as_it_stands(name: TemplateName):
    assert check_text(name, DEFAULTS[name]) == DEFAULTS[name]
    assert "{" not in sample(DEFAULTS[name])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("加我微信 shop888 聊", "contact"),
        ("现在只要 10 元", "price"),
        ("今天一定发货", "promise"),
        ("底价{amount}给您", "secret"),
        ("支付宝转我就行", "payment"),
        ("看这里 http://x.cn/1", "link"),
        ("。。", "empty"),
        ("好" * 301, "long"),
    ],
)
def test_what_a_buyer_must_not_be_told_is_not_saved(text: str, kind: str):
    with pytest.raises(BadArgument) as caught:
        check_text(TemplateName.short, text)
    assert kind in str(caught.value.facts["kinds"])


@pytest.mark.parametrize("text", ["您好{buyer}", "{", "好}", "{0}", "{title!r}", "{title}{", "{{title}}"])
def test_a_place_nobody_knows_is_named(text: str):
    with pytest.raises(BadArgument, match="unknown_placeholder"):
        check_text(TemplateName.unpaid, text)


def test_a_contact_is_not_hidden_by_a_place_in_it():
    with pytest.raises(BadArgument, match="text_stopped"):
        check_text(TemplateName.unpaid, "微{title}信 abc88888 加我微信")


def test_a_title_that_looks_like_a_place_is_filled_once():
    assert fill("「{title}」{order}", {"title": "{order}", "order": "7"}) == "「{order}」7"


def test_a_text_with_a_hole_is_not_said():
    assert fill("「{title}」", {"title": ""}) is None


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "night"),
    [
        (23, "22:00", "08:00", True),
        (7, "22:00", "08:00", True),
        (8, "22:00", "08:00", False),
        (21, "22:00", "08:00", False),
        (1, "00:00", "06:00", True),
        (12, "22:00", "22:00", False),
    ],
)
def test_the_night_is_the_shops_own(hour: int, begins: str, ends: str, night: bool):
    now = datetime(2026, 11, 21, hour, tzinfo=SHANGHAI).astimezone(UTC)
    assert is_night(now, SHANGHAI, begins, ends) is night


def test_an_occasion_is_read_back_from_its_key():
    assert occasion_of(key_of(TemplateName.short, 42)) == (TemplateName.short, 42)
    assert occasion_of("answer:1:2") is None
