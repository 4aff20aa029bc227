"""Whose carrier is meant, and a number that looks like another carrier's is asked about."""

import pytest

from core.rules.carriers import code_of, find_carrier, guess, is_code, is_doubtful, named_in
from core.values.carriers import CARRIERS, name_of


@pytest.mark.parametrize(
    ("carrier", "number", "doubtful"),
    [
        ("顺丰快递", "SF1234567890123", False),
        ("顺丰速运", "sf1234567890123", False),
        ("顺丰快递", "YT1234567890123", True),
        ("顺丰快递", "1234567890123", True),
        ("圆通速递", "YT1234567890123", False),
        ("中通快递", "78901234567890", False),
        ("中通快递", "SF1234567890123", True),
        ("邮政EMS", "EA123456789CN", False),
        ("京东快递", "JDVB12345678", False),
        ("优速", "1234567890", False),
        ("优速", "SF1234567890123", True),
        ("飞毛腿", "1234567890", False),
    ],
)
def test_a_doubt_about_the_carrier(carrier: str, number: str, doubtful: bool):
    assert is_doubtful(carrier, number) is doubtful


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("SF", "SF"),
        ("sf", "SF"),
        ("顺丰", "SF"),
        ("圆通快递", "YTO"),
        ("yuantong", "YTO"),
        ("韵达", "YUNDA"),
        ("ems", "EMS"),
        ("邮政EMS", "EMS"),
        ("邮政", "POSTB"),
        ("极兔", "HTKY"),
    ],
)
def test_a_carrier_is_known_by_the_words_people_type(words: str, code: str):
    assert find_carrier(words).code == code == code_of(words)


def test_a_carrier_nobody_knows_is_none_and_every_name_finds_its_carrier():
    assert find_carrier("飞毛腿") is None
    assert all(find_carrier(name) == carrier for carrier in CARRIERS for name in (carrier.zh, carrier.en, carrier.code))


def test_a_code_of_another_carrier_may_be_used_and_words_may_not():
    assert is_code("zjs") and is_code("CP570969") and not is_code("飞毛腿")
    assert (code_of("cp570969"), code_of("飞毛腿"), code_of(None)) == ("CP570969", "飞毛腿", "")


def test_a_form_belongs_to_one_carrier_and_every_page_is_the_carriers_own_over_https():
    for number in ("SF1234567890123", "YT1234567890123", "JT5123456789012", "78901234567890", "JDVB12345678901"):
        assert len(guess(number)) == 1, number
    assert all(one.page.startswith("https://www.") for one in CARRIERS if one.page)
    assert find_carrier("SF").page_of("SF1").endswith("/SF1")


def test_carriers_are_found_in_a_text_but_not_in_a_number():
    assert [one.code for one in named_in("您的顺丰快递")] == ["SF"]
    assert [one.code for one in named_in("邮政EMS特快专递")] == ["EMS"]
    assert named_in("SF1234567890123 sfsdf") == ()


def test_what_was_stored_under_other_words_is_shown_as_it_stands():
    assert (name_of("SF", "zh"), name_of("SF", "en"), name_of("飞毛腿", "zh"), name_of(None, "en")) == (
        "顺丰速运", "SF Express", "飞毛腿", "",
    )  # fmt: skip
