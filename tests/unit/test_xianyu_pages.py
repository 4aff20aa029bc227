"""The passport's pages and session ends: what is in them is read, and anything else gives nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from core.outside.xianyu.cookies import ends_at
from core.outside.xianyu.pages import drawn_code, login_form, next_check, ticket_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_the_form_of_the_page_is_read_whatever_stands_around_it():
    page = b'<script>var x={};window.viewData = {"loginFormData":{"hsiz":"a;}","isMobile":false,"n":null,"f":77}};</script>'
    assert login_form(page) == {"hsiz": "a;}", "isMobile": "false", "f": "77"}


@pytest.mark.parametrize(
    "page", [b"", b"\xff\xfe", b"viewData = {", b"viewData = {}", b"viewData = [1]", b'viewData={"loginFormData":3}']
)
def test_a_page_without_a_form_gives_none(page: bytes):
    assert login_form(page) == {}


def test_the_way_of_a_second_factor_is_read():
    page = (
        b'location.href = "https:\\/\\/passport.goofish.com\\/iv\\/mini\\/verify_modes.htm?htoken=h1&amp;_umidfg=" + 1'
    )
    assert next_check(page).endswith("htoken=h1&_umidfg=1")
    page = b'location.href = "https://passport.goofish.com/iv/mini/verify_modes.htm?htoken=h1&amp;_umidfg=" + 1'
    assert next_check(page) == "https://passport.goofish.com/iv/mini/verify_modes.htm?htoken=h1&_umidfg=1"
    assert ticket_of(next_check(page)) == "h1"
    assert drawn_code(b'new Qrcode({ width: 180, text: "https:\\/\\/x\\/?a=1&amp;b=2" })') == "https://x/?a=1&b=2"
    assert (next_check(b"sms"), drawn_code(b"sms"), ticket_of("https://x/")) == ("", "", "")


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["cookie2=a; Max-Age=60"], timedelta(seconds=60)),
        (["cookie2=a; Max-Age=60", "unb=1; max-age=30"], timedelta(seconds=30)),
        (["unb=1; Expires=Sun, 22 Nov 2026 00:00:00 GMT; Path=/"], timedelta(days=1)),
        (["cookie2=a; Path=/"], None),
        (["sgcookie=a; Max-Age=60"], None),
        (["cookie2=a; Max-Age=0"], None),
        (["cookie2=a; Max-Age=soon", "unb=1; Expires=never"], None),
        (["cookie2=a; Max-Age=99999999999999999999"], None),
    ],
)
def test_when_a_session_ends_by_its_own_word(lines: list[str], left: timedelta | None):
    assert ends_at(lines, NOW) == (NOW + left if left else None)
