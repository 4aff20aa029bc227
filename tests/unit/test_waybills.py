"""Tracking numbers in pasted texts and on labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.waybills import read_codes, read_numbers, speaks_of_parcel

NOTICES = {
    "【顺丰速运】您的顺丰快递 SF1234567890123 已揽收，收件人手机 13812345678": ("SF1234567890123", "SF"),
    "您的包裹已发出，圆通速递，单号：YT8765432109876。": ("YT8765432109876", "YTO"),
    "中通快递78901234567890已到驿站，取件码 5-2-3041": ("78901234567890", "ZTO"),
    "申通 运单号 773012345678901": ("773012345678901", "STO"),
    "ＳＦ１２３４５６７８９０１２３": ("SF1234567890123", "SF"),
    "订单 5127638256187075541 已用韵达 433123456789012 寄出": ("433123456789012", "YUNDA"),
    "快递单号：13812345678": ("13812345678", ""),
    "Your parcel JDVB12345678901 is on its way": ("JDVB12345678901", "JD"),
    "EMS EA123456789CN": ("EA123456789CN", "EMS"),
}


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_gives_its_number_and_its_carrier(text: str):
    number, carrier = NOTICES[text]
    (found,) = read_numbers(text)
    assert (found.number, (*found.carriers, "")[0]) == (number, carrier)
    assert speaks_of_parcel(text)


@pytest.mark.parametrize(
    "text",
    [
        "今天卖得怎么样",
        "联系我 13812345678",
        "订单 5127638256187075541 什么时候发",
        "20261121 那天的报表",
        "hello world greetings everybody",
        "取件码 5-2-3041",
        "",
    ],
)
def test_talk_is_no_notice(text: str):
    assert read_numbers(text) == ()
    assert not speaks_of_parcel(text)


def test_a_long_number_alone_is_read_when_asked_and_not_taken_up_by_itself():
    assert [one.number for one in read_numbers("123456789012")] == ["123456789012"]
    assert not speaks_of_parcel("123456789012")


def test_two_numbers_are_two_and_the_same_twice_is_one():
    text = "顺丰 SF1234567890123 和 SF1234567890124，第一个 sf1234567890123"
    assert [one.number for one in read_numbers(text)] == ["SF1234567890123", "SF1234567890124"]


def test_the_carrier_the_text_names_comes_before_the_form():
    (found,) = read_numbers("圆通 SF1234567890123")
    assert found.carriers == ("YTO", "SF")


def test_the_codes_of_a_label_give_its_number_and_not_its_routes():
    codes = ["SF1234567890123", "755WF-010", "https://example.com/x?y=1", "5127638256187075541", "SF 1234 5678 90123"]
    assert [one.number for one in read_codes(codes)] == ["SF1234567890123"]
    assert [one.number for one in read_codes(["123456789012"])] == ["123456789012"]


@given(st.text(max_size=400))
def test_nothing_a_person_pastes_breaks_it(text: str):
    for one in read_numbers(text):
        assert 8 <= len(one.number) <= 30 and one.number.isascii() and one.number.isalnum()
    speaks_of_parcel(text)


def test_a_hundred_kilobytes_are_read_at_once():
    assert len(read_numbers("SF1234567890123 " * 7000)) == 1
