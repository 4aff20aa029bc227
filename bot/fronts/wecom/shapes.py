"""Frames of the aibot long connection as values (facts: WeCom c2): what came in, and what goes out."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import TypeAlias, cast

Json: TypeAlias = dict[str, object]
"""A JSON object of the wire."""
SINGLE, GROUP = "single", "group"

SUBSCRIBE = "aibot_subscribe"
PING = "ping"
SEND = "aibot_send_msg"
RESPOND = "aibot_respond_msg"
WELCOME = "aibot_respond_welcome_msg"
UPDATE = "aibot_respond_update_msg"
UPLOAD = "aibot_upload_media_"


@dataclass(frozen=True)
class Ack:
    """The answer to a command: it names the command's req_id and no command."""

    req_id: str
    errcode: int
    errmsg: str
    body: Json


@dataclass(frozen=True)
class Place:
    """Where and by whom something happened. In a private chat the person's id is the chat's."""

    req_id: str
    msgid: str
    chat_id: str
    kind: str
    user_id: str


@dataclass(frozen=True)
class Said:
    """Somebody wrote; `quote` is the text they replied to, `links` are pictures and files that came along."""

    place: Place
    text: str
    quote: str = ""
    links: tuple["Link", ...] = ()


@dataclass(frozen=True)
class Link:
    """A file that can be fetched for five minutes, encrypted with its own key."""

    url: str
    aes_key: str
    kind: str


@dataclass(frozen=True)
class Clicked:
    """Somebody pressed a button of a card."""

    place: Place
    task_id: str
    key: str


@dataclass(frozen=True)
class Entered:
    """Somebody opened the private chat, for the first time of the day."""

    place: Place


@dataclass(frozen=True)
class Kicked:
    """Another connection took this robot over."""


@dataclass(frozen=True)
class Strange:
    """A frame of no use to the shop; `what` names it for the log, without anything people wrote."""

    what: str


Event: TypeAlias = Said | Clicked | Entered | Kicked | Strange


def command_frame(command: str, req_id: str, body: Json | None) -> str:
    """A command."""
    frame: Json = {"cmd": command, "headers": {"req_id": req_id}}
    return json.dumps(frame if body is None else {**frame, "body": body}, ensure_ascii=False)


def new_req_id(command: str) -> str:
    """As the official SDK names them: command, milliseconds, eight hex digits."""
    return f"{command}_{int(time.time() * 1000)}_{secrets.token_hex(4)}"


def read_frame(raw: str | bytes) -> Ack | Event:
    """What a frame of the gateway says; whatever else comes is Strange, never an error."""
    try:
        frame = json.loads(raw)
    except (ValueError, RecursionError):
        return Strange("no JSON")
    if not isinstance(frame, dict):
        return Strange("no object")
    command, body, req_id = frame.get("cmd"), _table(frame, "body"), _text(_table(frame, "headers"), "req_id")
    if command is None and isinstance(frame.get("errcode"), int) and req_id:
        return Ack(req_id, frame["errcode"], _text(frame, "errmsg"), body)
    if command not in ("aibot_msg_callback", "aibot_event_callback"):
        return Strange(f"command {str(command)[:40]!r}")
    return read_event_body(body, req_id)


def read_event_body(body: Json, req_id: str) -> Event:
    """What a callback tells, by whichever wire it came.

    A click may come as either command; `msgtype` decides (facts: WeCom c2).
    """
    kind = _text(body, "msgtype")
    event = _table(body, "event")
    if kind == "event" and _text(event, "eventtype") == "disconnected_event":
        return Kicked()
    place = _place(body, req_id)
    if place is None:
        return Strange(f"{kind[:40]!r}, no place")
    return _event(place, event) if kind == "event" else _said(place, kind, body)


def _place(body: Json, req_id: str) -> Place | None:
    user_id, msgid, kind = _text(_table(body, "from"), "userid"), _text(body, "msgid"), _text(body, "chattype")
    chat_id = _text(body, "chatid") if kind == GROUP else user_id
    if not (user_id and msgid and chat_id and req_id) or kind not in (SINGLE, GROUP):
        return None
    return Place(req_id, msgid, chat_id, kind, user_id)


def _event(place: Place, event: Json) -> Event:
    kind = _text(event, "eventtype")
    if kind == "enter_chat":
        return Entered(place)
    if kind != "template_card_event":
        return Strange(f"event {kind[:40]!r}")
    facts = _table(event, kind) or event
    key, task_id = _either(facts, "event_key", "EventKey"), _either(facts, "task_id", "TaskId")
    return Clicked(place, task_id, key) if key and task_id else Strange("click, no key")


def _said(place: Place, kind: str, body: Json) -> Event:
    """Text of a text, of a mixed message's parts, of a voice as the platform heard it; files as links."""
    parts = _parts(body) if kind == "mixed" else [body]
    words = [text for part in parts if (text := _words(part))]
    links = tuple(link for part in parts if (link := _link(part)))
    if not words and not links:
        return Strange(f"message {kind[:40]!r}")
    quoted = _table(body, "quote")
    quotes = [text for part in (_parts(quoted) or [quoted]) if (text := _words(part))]
    return Said(place, "\n".join(words), "\n".join(quotes), links)


def _parts(body: Json) -> list[Json]:
    found = _table(body, "mixed").get("msg_item")
    return [cast("Json", part) for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _words(part: Json) -> str:
    kind = _text(part, "msgtype")
    return _text(_table(part, kind), "content") if kind in ("text", "voice", "markdown") else ""


def _link(part: Json) -> Link | None:
    kind = _text(part, "msgtype")
    facts = _table(part, kind)
    url = _text(facts, "url")
    return Link(url, _text(facts, "aeskey"), kind) if url and kind in ("image", "file") else None


def _table(body: Json, key: str) -> Json:
    found = body.get(key)
    return cast("Json", found) if isinstance(found, dict) else {}


def _text(body: Json, key: str) -> str:
    found = body.get(key)
    return found if isinstance(found, str) else ""


def _either(body: Json, *keys: str) -> str:
    return next((text for key in keys if (text := _text(body, key))), "")
