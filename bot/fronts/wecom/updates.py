"""What happened in WeCom becomes a request of the desk: pure but for the shop's clock given as `now`."""

import re
from datetime import datetime
from itertools import islice

from bot.auth import Request
from bot.commands.command import Table
from bot.commands.words import read_line
from bot.fronts.wecom.paint import message_of_task, things_named
from bot.fronts.wecom.shapes import GROUP, Clicked, Place, Said
from core.errors import BadArgument
from core.values.people import ChatKind

NAME = "wecom"
PUSH_CHAT = f"{NAME}:push"
"""The room of the push robot, as long as no group of the aibot's is bound."""
KINDS = {GROUP: ChatKind.group}
_TRAILING = re.compile(r"\s@\S+\s*$")
MOST_BLANKS = 8
"""A robot's name holds fewer; what stands further on is not its name, whoever sends a hundred thousand of them."""
LONGEST_WORD = 80


def chat_of(place: Place) -> str:
    """The chat's id in the shop; a private chat is called like its person. WeCom's ids are case sensitive."""
    return f"{NAME}:{place.chat_id}"


def read_said(said: Said, table: Table, now: datetime) -> Request:
    """What somebody wrote, without the mention that made the robot hear it."""
    words = strip_mention(said.text, table) if said.place.kind == GROUP else said.text
    return _request(said.place, now, words=words, reply_to=next(things_named(said.quote), None))


def read_click(click: Clicked, now: datetime) -> Request:
    """A pressed button; what its key names is the desk's business, also when it is forged."""
    return _request(click.place, now, button=click.key, reply_to=message_of_task(click.task_id) or None)


def _request(place: Place, now: datetime, **facts: object) -> Request:
    return Request.model_validate(
        {
            "who": f"{NAME}:{place.user_id}",
            "chat": chat_of(place),
            "chat_kind": KINDS.get(place.kind, ChatKind.private),
            "sent_at": now,
            "update_id": f"{NAME}:{place.msgid}",
            **facts,
        }
    )


def strip_mention(text: str, table: Table) -> str:
    """The words after "@Robot Name": from the first slash or known word on, else without the first word.

    A robot's name may hold blanks (facts: WeCom c2), and nothing tells what it is.
    """
    if not text.startswith("@"):
        return _TRAILING.sub("", text)
    starts = [found.end() for found in islice(re.finditer(r"\s+", text), MOST_BLANKS)]
    for at in starts:
        if text[at : at + 1] in ("/", "／") or _is_known(text[at : at + LONGEST_WORD], table):
            return text[at:]
    return text[starts[0] :] if starts else ""


def _is_known(words: str, table: Table) -> bool:
    try:
        return table.find(read_line(words).word) is not None
    except BadArgument:
        return False
