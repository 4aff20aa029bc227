"""Tables to take away, in private only."""

from datetime import date
from typing import NamedTuple

from bot.cards.acts import act_head, act_lines
from bot.cards.card import Draft
from bot.cards.exports import Table, export_card, head, lines, private_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, choice
from bot.commands.sellers import maybe_part
from bot.commands.when import Days, read_days_word
from core.errors import Refused
from core.values.people import ChatKind, Role
from core.values.sellers import Part

WHAT = {"orders": "orders", "订单": "orders", "audit": "audit", "审计": "audit"}
MOST_ROWS = 200_000
"""Some 40 MB: what the narrowest chat still takes as a file."""
MONTH = 30


class Taken(NamedTuple):
    """Of which days, and whose."""

    days: Days | None = None
    part: Part | None = None


async def read_taken(source: Source) -> Taken:
    """今天, 7天, 2026-11 or 2026-11-01..2026-11-15, and an account or shop; in any order, each left out or not."""
    part = await maybe_part(source)
    days = _read_days(source) if source.left else None
    return Taken(days, part or await maybe_part(source))


def _read_days(source: Source) -> Days:
    return read_days_word(source.take().text, source.now.astimezone(source.zone).date())


async def export(ask: Ask, table: str, taken: Taken) -> Draft:
    """The orders or the acts of a span of days as a file. In a group: how to ask for it in private."""
    if ask.request.chat_kind is ChatKind.group:
        return private_card(ask.pen("example.export"), ask.pen)
    part, today = taken.part, ask.pen.now.astimezone(ask.pen.zone).date()
    if part is not None and table == "audit":
        raise Refused("audit_of_all", word=part.name)
    since, until = taken.days or Days.last(MONTH, today)
    parts, count = await (_acts(ask, since, until) if table == "audit" else _orders(ask, since, until, part))
    await ask.engine.exports.record(ask.actor, since, until, count, table, part.name if part else "")
    return export_card(Table(table, since, until, part), count, b"".join(parts), ask.pen)


async def _orders(ask: Ask, since: date, until: date, part: Part | None) -> tuple[list[bytes], int]:
    parts, count = [head(ask.pen)], 0
    async for rows in ask.engine.exports.orders(since, until, part.accounts if part else None):
        count = _counted(count + len(rows))
        parts.append(lines(rows, ask.pen))
    return parts, count


async def _acts(ask: Ask, since: date, until: date) -> tuple[list[bytes], int]:
    parts, count = [act_head(ask.pen)], 0
    async for rows in ask.engine.acts.within(since, until):
        count = _counted(count + len(rows))
        parts.append(act_lines(rows, ask.pen, ask.table.chinese))
    return parts, count


def _counted(count: int) -> int:
    if count > MOST_ROWS:
        raise Refused("export_too_long", limit=MOST_ROWS)
    return count


ROWS = (
    Command(
        name="export",
        words=("导出",),
        topic="shop",
        role=Role.owner,
        run=export,
        arguments=(required("table", choice(WHAT)), optional("taken", read_taken, Taken())),
    ),
)
