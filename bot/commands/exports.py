"""Tables to take away, in private only."""

from bot.cards.card import Draft
from bot.cards.exports import export_card, head, lines, private_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, choice
from bot.commands.when import Days, read_days_word
from core.errors import Refused
from core.values.people import ChatKind, Role

WHAT = {"orders": "orders", "订单": "orders"}
MOST_ROWS = 200_000
"""Some 40 MB: what the narrowest chat still takes as a file."""
MONTH = 30


async def read_days(source: Source) -> Days:
    """今天, 7天, 2026-11 or 2026-11-01..2026-11-15."""
    return read_days_word(source.take().text, source.now.astimezone(source.zone).date())


async def export(ask: Ask, what: str, days: Days | None) -> Draft:  # noqa: ARG001 - orders are the only table so far
    """The orders of a span of days as a file. In a group: how to ask for it in private."""
    if ask.request.chat_kind is ChatKind.group:
        return private_card(ask.pen("example.export"), ask.pen)
    today = ask.pen.now.astimezone(ask.pen.zone).date()
    since, until = days or Days.last(MONTH, today)
    parts, count = [head(ask.pen)], 0
    async for rows in ask.engine.exports.orders(since, until):
        count += len(rows)
        if count > MOST_ROWS:
            raise Refused("export_too_long", limit=MOST_ROWS)
        parts.append(lines(rows, ask.pen))
    await ask.engine.exports.record(ask.actor, since, until, count)
    return export_card(since, until, count, b"".join(parts), ask.pen)


ROWS = (
    Command(
        name="export",
        words=("导出",),
        topic="shop",
        role=Role.owner,
        run=export,
        arguments=(required("what", choice(WHAT)), optional("days", read_days)),
    ),
)
