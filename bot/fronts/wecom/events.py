"""Callbacks of a self-built app as requests: pure but for the shop's clock given as `now` (facts: WeCom b, 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.auth import Request
from bot.fronts.wecom.paint import message_of_task
from bot.fronts.wecom.shapes import Json
from core.values.people import ChatKind

APP = "wecomapp"
CLICKS = ("template_card_event", "template_card_menu_event")


@dataclass(frozen=True)
class Found:
    """A request, and for a press what may change its card: the task_id and a code good for one change."""

    request: Request
    task_id: str = ""
    code: str = ""


def read_callback(event: Json, now: datetime) -> Found | None:
    """What a person asks; None for what is not for the shop (entering, pictures, unknown events)."""
    who, kind = _text(event, "FromUserName"), _text(event, "MsgType")
    if not who:
        return None
    if kind == "text" and _text(event, "MsgId"):
        words = {"words": _text(event, "Content")}
        return Found(_request(who, f"{APP}:{_text(event, 'MsgId')}", now, words))
    if kind != "event" or _text(event, "Event") not in CLICKS:
        return None
    task_id, key = _text(event, "TaskId"), _text(event, "EventKey")
    if not task_id or not key:
        return None
    code = _text(event, "ResponseCode")
    natural = f"{APP}:{who}:{_text(event, 'CreateTime')}:{task_id}:{key}:{code[:32]}"
    pressed = {"button": key, "reply_to": message_of_task(task_id) or None}
    return Found(_request(who, natural, now, pressed), task_id, code)


def _request(who: str, update_id: str, now: datetime, facts: Mapping[str, str | None]) -> Request:
    place = {"who": f"{APP}:{who}", "chat": f"{APP}:{who}", "chat_kind": ChatKind.private}
    return Request.model_validate({**place, "sent_at": now, "update_id": update_id, **facts})


def _text(event: Json, key: str) -> str:
    found = event.get(key)
    return found if isinstance(found, str) else ""
