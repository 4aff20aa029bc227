"""Readers that say whom a command is about: by number, by id, or whoever wrote the message answered."""

import re
from dataclasses import dataclass

from bot.commands.readers import Source
from core.errors import BadArgument
from core.values.counter import Person
from core.values.people import Role

ROLES = {
    "查看": "viewer", "看": "viewer", "viewer": "viewer",
    "操作": "operator", "店员": "operator", "operator": "operator",
    "店主": "owner", "老板": "owner", "owner": "owner",
}  # fmt: skip
SAME = frozenset({"as", "同", "就是"})
"""Between an id and the person it belongs to as well."""
_NUMBER = re.compile(r"m[0-9]{1,9}")
_DIGITS = re.compile(r"[0-9]{1,20}")
_ID = re.compile(r"[a-z]{2,16}:[^\s:]{1,64}")


@dataclass(frozen=True)
class Grantee:
    """Somebody to be let in, by their id; `name` as their app says it, if that is known."""

    who: str
    name: str = ""


async def read_grantee(source: Source) -> Grantee:
    """m3, telegram:123, 123 (of the chat it is typed in); or nothing, in reply to the person's own message."""
    word = source.peek()
    if word is None or word in ROLES or word in SAME:
        return _answered(source)
    raw = source.take().raw
    if _NUMBER.fullmatch(word):
        return Grantee((await source.engine.people.choose(word)).ids[0])
    if _DIGITS.fullmatch(word):
        return Grantee(f"{_front(source)}:{word}")
    if _ID.fullmatch(raw) and not raw.startswith("terminal:"):
        return Grantee(raw)
    raise BadArgument("no_person", word=raw)


def _answered(source: Source) -> Grantee:
    asked = source.asked
    if asked is None or asked.reply_who is None:
        raise BadArgument("no_person_named")
    return Grantee(asked.reply_who, asked.reply_name)


def _front(source: Source) -> str:
    return source.asked.front if source.asked is not None else ""


async def read_role_or_person(source: Source) -> Role | Person:
    """A role; or `as m3`: the person whose second id it is."""
    word = source.peek() or ""
    if word in SAME:
        source.take()
        return await read_person(source)
    if word not in ROLES:
        raise BadArgument("no_role", word=source.take().raw)
    source.take()
    return Role(ROLES[word])


async def read_person(source: Source) -> Person:
    """Somebody the shop knows: m3, an id, a whole name; or nothing, in reply to their own message."""
    if source.left:
        return await source.engine.people.choose(source.take_rest(), _front(source))
    return await source.engine.people.choose(_answered(source).who)
