"""What the passport's pages hold: the login form, the way to the second factor, and its code (facts: QR login)."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

from core.outside.xianyu.fields import Fields, as_fields, fields_at

_VIEW = re.compile(r"viewData\s*=\s*(?=\{)")
_MODES = re.compile(r"""["'](https?:[^"'\s]*verify_modes\.htm[^"'\s]*)["']""")
_DRAWN = re.compile(r"""Qrcode\s*\(\s*\{[^}]*?\btext\s*:\s*["']([^"']+)["']""")
_UNFINISHED = "_umidfg="


def login_form(page: bytes) -> dict[str, str]:
    """The form of `mini_login.htm` that every later call repeats; empty when the page holds none."""
    text = page.decode("utf-8", "replace")
    found = _VIEW.search(text)
    if found is None:
        return {}
    try:
        view, _ = json.JSONDecoder().raw_decode(text, found.end())
    except ValueError:
        return {}
    form = fields_at(as_fields(view), "loginFormData")
    return {name: _word(value) for name, value in form.items() if value is not None} if form else {}


def content_of(body: object) -> Fields:
    """The `content` of an answer of the passport."""
    return fields_at(as_fields(body), "content")


def data_of(body: object) -> Fields:
    """The `content.data` of an answer of the passport that says it succeeded, else nothing."""
    content = content_of(body)
    return fields_at(content, "data") if content.get("success") is not False else {}


def ticket_of(url: str) -> str:
    """The `htoken` in the address of a second factor; empty when there is none."""
    return next(iter(parse_qs(urlsplit(url).query).get("htoken", [])), "")


def next_check(page: bytes) -> str:
    """Where the first page of a second factor goes on; empty when it does not say. Its script adds a last 1."""
    found = _MODES.search(page.decode("utf-8", "replace"))
    url = html.unescape(found[1].replace("\\/", "/")) if found else ""
    return f"{url}1" if url.endswith(_UNFINISHED) else url


def drawn_code(page: bytes) -> str:
    """What the code on the page of a second factor says; empty when the page draws none (another kind of check)."""
    found = _DRAWN.search(page.decode("utf-8", "replace"))
    return html.unescape(found[1].replace("\\/", "/")) if found else ""


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
