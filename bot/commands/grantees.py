"""Readers that say whom a command is about: by number, by id, or whoever wrote the message answered."""

import re
from dataclasses import dataclass

from bot.commands.readers import Source
from bot.commands.words import fold
from core.errors import BadArgument, Refused
from core.values.counter import Person
from core.values.people import Role

ROLES = {
    "查看": "viewer", "看": "viewer", "viewer": "viewer",
    "操作": "operator", "店员": "operator", "operator": "operator",
    "店主": "owner", "老板": "owner", "owner": "owner",
}  # fmt: skip
SAME = frozenset({"as", "同", "就是"})
"""Between an id and the person it belongs to as well."""
CALLED = "name"
NAMED = frozenset({CALLED, "叫", "名字"})
"""Before a name that somebody is to have instead of theirs."""
GIVES, TAKES = ("@", "+"), ("-", "−", "–")
"""How a tag begins that is given, and one that is taken away."""
_NUMBER = re.compile(r"m[0-9]{1,9}")
_DIGITS = re.compile(r"[0-9]{1,20}")
_ID = re.compile(r"[a-z]{2,16}:[^\s:]{1,64}")


@dataclass(frozen=True)
class Grantee:
    """Somebody to be let in, by their id; `name` as their app says it, if that is known."""

    who: str
    name: str = ""


async def read_grantee(source: Source) -> Grantee:
    """m3, telegram:123, 123 (of the chat it is typed in), or the whole name of somebody known.

    Nothing, in reply to the person's own message.
    """
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
    named = [one for one in await source.engine.people.list_persons() if one.name.casefold() == raw.casefold()]
    if len(named) == 1:
        return Grantee(named[0].ids[0], named[0].name)
    raise Refused("ambiguous_member", word=raw) if named else BadArgument("no_person", word=raw)


def _answered(source: Source) -> Grantee:
    asked = source.asked
    if asked is None or asked.reply_who is None:
        raise BadArgument("missing")
    return Grantee(asked.reply_who, asked.reply_name)


def _front(source: Source) -> str:
    return source.asked.front if source.asked is not None else ""


async def read_role_or_person(source: Source) -> Role | Person:
    """A role; or `as m3`: the person whose second id it is."""
    word = source.peek() or ""
    if word in SAME:
        source.take()
        return await read_person(source)
    if not word:
        raise BadArgument("no_role_named")
    if word not in ROLES:
        raise BadArgument("no_role", word=source.take().raw)
    source.take()
    return Role(ROLES[word])


async def read_person(source: Source) -> Person:
    """Somebody the shop knows: m3, an id, a whole name; or nothing, in reply to their own message."""
    if source.left:
        return await source.engine.people.choose(source.take_rest(), _front(source))
    return await source.engine.people.choose(_answered(source).who)


@dataclass(frozen=True)
class More:
    """What stands behind a role: a name, and tags to give (@仓库) and to take away (-仓库).

    `plain` words are the name of somebody new, and tags of somebody who has a name already.
    """

    plain: tuple[str, ...] = ()
    called: str = ""
    """Behind `叫` or `name`: the name, also of somebody who has another."""
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def name(self, *, known: bool) -> str:
        """The name that was typed; empty when none was."""
        return self.called or ("" if known else " ".join(self.plain))

    def tags(self, *, known: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Tags to give, and to take away."""
        plain = tuple(map(fold, self.plain)) if known else ()
        return (*self.add, *plain), self.drop

    @property
    def words(self) -> str:
        """The same, typed again."""
        called = (CALLED, self.called) if self.called else ()
        return " ".join((*self.plain, *(f"@{t}" for t in self.add), *(f"-{t}" for t in self.drop), *called))


async def read_more(source: Source) -> More:
    """小王 @仓库 -客服, or 叫 小王."""
    plain: list[str] = []
    add: list[str] = []
    drop: list[str] = []
    while source.left:
        token = source.take()
        if token.text in NAMED:
            return More(tuple(plain), source.take_rest(), tuple(add), tuple(drop))
        if token.text[0] in GIVES:
            add.append(token.text[1:])
        elif token.text[0] in TAKES:
            drop.append(token.text[1:])
        else:
            plain.append(token.raw)
    return More(tuple(plain), "", tuple(add), tuple(drop))


async def read_one_person(source: Source) -> Person:
    """The same as `read_person`, in one word; a tag in reply to somebody is about them."""
    if source.left and (source.peek() or "")[0] not in (*GIVES, *TAKES):
        return await source.engine.people.choose(source.take().raw, _front(source))
    return await source.engine.people.choose(_answered(source).who)
