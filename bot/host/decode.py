"""`zhanggui decode`: what a captured message means, for a person who looks for what went wrong."""

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands

if TYPE_CHECKING:
    from bot.fronts.wecom.wechat import Envelope

REASONS = {
    "key": "the EncodingAESKey is not one: it has 43 letters, digits, + and /",
    "format": "it has not the shape of a callback",
    "signature": "the signature is wrong: another Token, or something on the way changed the request",
    "receiver": "it is meant for another receive id (the CorpID of an app; empty for an aibot)",
    "damaged": "it cannot be decrypted: another EncodingAESKey, or damaged on the way",
}
"""Why a callback is refused, in words."""


def add(commands: Commands) -> None:
    """`decode xianyu` and `decode wecom`."""
    decode = commands.add_parser(
        "decode", help="say what a captured message means", description="One JSON object a line for each record."
    )
    platforms = decode.add_subparsers(dest="platform", required=True, metavar="PLATFORM")
    xianyu = platforms.add_parser(
        "xianyu",
        help="Xianyu's records and frames",
        description="One JSON object a line for each record; - reads input.",
    )
    xianyu.add_argument("--me", metavar="UNB", default=None, help="the own user id, to tell own messages")
    xianyu.add_argument("file", nargs="?", default="-", help="a record or a frame; - reads standard input")
    xianyu.set_defaults(run=_xianyu)
    _add_wecom(platforms)


def _add_wecom(platforms: Commands) -> None:
    wecom = platforms.add_parser(
        "wecom",
        help="WeCom's callbacks",
        description='Opens a callback {"method", "query": {...}, "body"}: one JSON line, or why it is refused.',
    )
    wecom.add_argument("--token", metavar="T", required=True, help="the callback's Token")
    wecom.add_argument("--aeskey", metavar="K", required=True, help="the callback's EncodingAESKey, 43 characters")
    wecom.add_argument("--receive-id", metavar="ID", default="", help="the CorpID; empty for an aibot")
    wecom.add_argument("file", nargs="?", default="-", help="the callback as JSON; - reads standard input")
    wecom.set_defaults(run=_wecom)


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _xianyu(args: argparse.Namespace) -> int:
    from core.tools.decode import as_json_line, decode_text

    raw = _read(args.file)
    if not raw.strip():
        return _complain("nothing to read: give a record or a frame")
    for found in decode_text(raw.decode("utf-8", "replace"), args.me):
        print(as_json_line(found))
    return OK


def _wecom(args: argparse.Namespace) -> int:
    from bot.fronts.wecom.wechat import Envelope, Unreadable
    from core.tools.decode import as_json_line

    try:
        found = _opened(_read(args.file), Envelope(args.token, args.aeskey, args.receive_id))
    except Unreadable as error:
        detail = f" ({error.detail})" if error.detail else ""
        return _complain(f"{REASONS[error.reason]}{detail}")
    print(as_json_line(found))
    return OK


def _opened(raw: bytes, envelope: "Envelope") -> dict[str, object]:
    """The callback's facts: what stood in it, word for word and as fields, and how old it is."""
    from bot.fronts.wecom.wechat import Unreadable, read_json, sealed_part

    callback = read_json(raw.decode("utf-8", "replace"))
    query, body = callback.get("query"), callback.get("body")
    if not isinstance(query, dict):
        raise Unreadable("format", "no query")
    echo = query.get("echostr")
    sealed = echo if isinstance(echo, str) and echo else sealed_part(body if isinstance(body, str) else "")
    words = envelope.open(query, sealed)
    return {
        "platform": "wecom",
        "method": callback.get("method"),
        "age_s": _age_s(query),
        "event": _event(words),
        "plaintext": words,
    }


def _event(words: str) -> object:
    """The fields of what was opened; None for what has none, such as the echo of a URL check."""
    from bot.fronts.wecom.wechat import Unreadable, read_event

    try:
        return read_event(words)
    except Unreadable:
        return None


def _age_s(query: Mapping[str, str]) -> int | None:
    timestamp = query.get("timestamp", "")
    return int(time.time()) - int(timestamp) if timestamp.isascii() and timestamp.isdigit() else None


def _complain(words: str) -> int:
    print(f"zhanggui decode: {words}", file=sys.stderr)
    return WRONG
