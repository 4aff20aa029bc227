"""Units kept for somebody who is no order of a platform: a walk-in, a phone call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bot.cards.card import Draft
from bot.cards.keeps import keep_card, locks_card, return_question, unavailable
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, read_length, read_product, read_until
from bot.commands.when import is_time
from core.errors import BadArgument, OutOfStock
from core.values.ids import KeepId
from core.values.keeps import Keep, KeepState, Unavailable, Want
from core.values.people import Role

_KEEP = re.compile(r"k?([0-9]{1,9})")
_PRODUCT = re.compile(r"p[0-9]{1,9}")
_UNITS = re.compile(r"[x×*]?([0-9]{1,9})[个件]?")
_BARE = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Wish:
    """What is to be kept, until when (None: for the usual time), and for whom."""

    wants: tuple[Want, ...]
    until: datetime | None
    note: str


async def read_keep(source: Source) -> KeepId:
    """k1 or 1."""
    word = source.take()
    found = _KEEP.fullmatch(word.text)
    if found is None:
        raise BadArgument("no_keep", word=word.raw)
    return KeepId(int(found[1]))


async def read_wish(source: Source) -> Wish | KeepId:
    """k1; or products, each with how many (one, when left out), then a length or a time, then for whom."""
    if (source.peek() or "").startswith("k") and _KEEP.fullmatch(source.peek() or ""):
        return await read_keep(source)
    wants = [await _read_want(source)]
    while _PRODUCT.fullmatch(source.peek() or ""):
        wants.append(await _read_want(source))
    until = await read_until(source) if is_time(source.peek() or "") else None
    if _BARE.fullmatch(source.peek() or ""):
        raise BadArgument("keep_what", word=source.take().raw)
    return Wish(tuple(wants), until, source.take_rest())


async def _read_want(source: Source) -> Want:
    product = await read_product(source)
    found = _UNITS.fullmatch(source.peek() or "")
    if found is not None:
        source.take()
    return Want(product_id=product, quantity=int(found[1]) if found is not None else 1)


def _looks(values: Mapping[str, object]) -> bool:
    return not isinstance(values["wish"], Wish)


async def keep(ask: Ask, wish: Wish | KeepId | None) -> Draft:
    """Keep units for somebody; without what, all that is kept; with a number, that one."""
    keeps = ask.engine.keeps
    if wish is None:
        return locks_card(await keeps.list(), await ask.engine.stock.list(), ask.pen)
    if not isinstance(wish, Wish):
        return _card(ask, await keeps.show(wish))
    try:
        return _card(ask, await keeps.keep(ask.actor, wish.wants, wish.until, wish.note))
    except OutOfStock as error:
        raise unavailable(cast("tuple[Unavailable, ...]", error.facts["lines"]), ask.pen) from error


async def preview_put_back(ask: Ask, keep: KeepId) -> Draft | None:
    """Asks whoever types it about what was collected; a card that says so was question enough."""
    kept = await ask.engine.keeps.show(keep)
    asks = kept.state is KeepState.collected and ask.version is None
    return return_question(kept, ask.pen) if asks else None


async def put_back(ask: Ask, keep: KeepId) -> Draft:
    """Back on the shelf."""
    return _card(ask, await ask.engine.keeps.put_back(ask.actor, keep, ask.version))


async def collect(ask: Ask, keep: KeepId) -> Draft:
    """Taken away: sold."""
    return _card(ask, await ask.engine.keeps.collect(ask.actor, keep, ask.version))


async def keep_on(ask: Ask, keep: KeepId, seconds: int | None) -> Draft:
    """Kept for longer."""
    more = None if seconds is None else timedelta(seconds=seconds)
    return _card(ask, await ask.engine.keeps.extend(ask.actor, keep, more, ask.version))


def _card(ask: Ask, kept: Keep) -> Draft:
    return keep_card(kept, ask.pen, ask.engine.keeps.usual)


_KEEP_ARGUMENT = required("keep", read_keep)
ROWS = (
    Command(
        name="keep",
        words=("留货", "预留"),
        topic="stock",
        role=Role.operator,
        run=keep,
        arguments=(optional("wish", read_wish),),
        mutating=True,
        looks=_looks,
        in_menu=True,
    ),
    Command(
        name="put_back",
        words=("放回",),
        topic="stock",
        role=Role.operator,
        run=put_back,
        preview=preview_put_back,
        arguments=(_KEEP_ARGUMENT,),
        mutating=True,
    ),
    Command(
        name="collect",
        words=("取走", "已取走"),
        topic="stock",
        role=Role.operator,
        run=collect,
        arguments=(_KEEP_ARGUMENT,),
        mutating=True,
    ),
    Command(
        name="keep_on",
        words=("再留", "续留"),
        topic="stock",
        role=Role.operator,
        run=keep_on,
        arguments=(_KEEP_ARGUMENT, optional("seconds", read_length)),
        mutating=True,
    ),
)
