"""What the gateway takes: sizes and shapes of messages and cards (facts: WeCom 5)."""

import re

from bot.sandbox.wecom.things import Json, Refusal

MARKDOWN_BYTES = 20_480
TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
CARD_TYPES = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
LENGTHS = {
    ("main_title", "title"): 26,
    ("main_title", "desc"): 30,
    ("sub_title_text",): 112,
    ("source", "desc"): 13,
    ("emphasis_content", "title"): 10,
    ("emphasis_content", "desc"): 15,
}
"""Longest texts of an aibot card, in characters."""
COUNTS = {
    "horizontal_content_list": 6,
    "jump_list": 3,
    "button_list": 6,
    "select_list": 3,
    "vertical_content_list": 4,
}
SENT = ("markdown", "template_card", "image", "file", "voice", "video")
"""What `aibot_send_msg` takes; a plain text is none of them."""
REPLIED = (*SENT, "stream")


def refuse(what: str) -> Refusal:
    """A malformed request; WeCom's general code for a parameter it cannot use."""
    return Refusal(40058, f"invalid Request Parameter: {what}")


def text_at(body: object, *path: str) -> str:
    """A text that must be there."""
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    if not isinstance(body, str) or not body:
        raise refuse(".".join(path))
    return body


def check_markdown(body: Json, kind: str = "markdown") -> None:
    """At most 20 480 bytes of UTF-8."""
    content = body.get(kind)
    text = content.get("content") if isinstance(content, dict) else None
    if not isinstance(text, str) or len(text.encode()) > MARKDOWN_BYTES:
        raise refuse(f"{kind}.content")
    if kind == "markdown" and not text:
        raise refuse("markdown.content")


def check_card(card: object) -> Json:
    """A template card within every limit; what is checked is what the documentation numbers."""
    if not isinstance(card, dict) or card.get("card_type") not in CARD_TYPES:
        raise refuse("template_card.card_type")
    for path, most in LENGTHS.items():
        _check_length(card, path, most)
    for name, most in COUNTS.items():
        if len(_list(card, name)) > most:
            raise refuse(f"{name} holds more than {most}")
    _check_lines(card)
    _check_buttons(card)
    _check_kind(card)
    return card


def _check_length(card: Json, path: tuple[str, ...], most: int) -> None:
    value: object = card
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if value is not None and (not isinstance(value, str) or len(value) > most):
        raise refuse(f"{'.'.join(path)} is over {most} characters")


def _check_lines(card: Json) -> None:
    for line in _list(card, "horizontal_content_list"):
        if not 0 < len(str(line.get("keyname", ""))) <= 5 or len(str(line.get("value", ""))) > 26:
            raise refuse("horizontal_content_list: keyname 1-5, value up to 26 characters")


def _check_buttons(card: Json) -> None:
    keys = [button.get("key") for button in _list(card, "button_list")]
    if len(set(keys)) != len(keys):
        raise refuse("button_list: keys must differ")
    for button in _list(card, "button_list"):
        if not 0 < len(str(button.get("text", ""))) <= 10:
            raise refuse("button_list.text: 1-10 characters")
        if not isinstance(button.get("key"), str) or not 0 < len(button["key"].encode()) <= 1024:
            raise refuse("button_list.key: 1-1024 bytes")
        if button.get("style", 1) not in (1, 2, 3, 4):
            raise refuse("button_list.style: 1-4")


def _check_kind(card: Json) -> None:
    kind, title = card["card_type"], (card.get("main_title") or {}).get("title")
    if kind == "button_interaction":
        if not title or not _list(card, "button_list"):
            raise refuse("button_interaction needs main_title and button_list")
        if not isinstance(card.get("task_id"), str):
            raise refuse("button_interaction needs task_id")
    if kind in ("text_notice", "news_notice"):
        action = card.get("card_action")
        if (
            not isinstance(action, dict)
            or action.get("type") not in (1, 2)
            or not (action.get("url") or action.get("appid"))
        ):
            raise refuse(f"{kind} needs card_action")
        if kind == "text_notice" and not title and not card.get("sub_title_text"):
            raise refuse("text_notice needs main_title.title or sub_title_text")
    task_id = card.get("task_id")
    if task_id is not None and (not isinstance(task_id, str) or not TASK_ID.fullmatch(task_id)):
        raise refuse("task_id: [0-9A-Za-z_@-], up to 128 bytes")


def _list(card: Json, name: str) -> list[Json]:
    found = card.get(name) or []
    if not isinstance(found, list) or any(not isinstance(part, dict) for part in found):
        raise refuse(name)
    return found
