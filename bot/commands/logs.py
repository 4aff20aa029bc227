"""The shop's log, in private only."""

from bot.cards.card import Draft
from bot.cards.logs import logs_card, logs_private_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Source
from core.errors import BadArgument
from core.values.logs import LogSearch
from core.values.people import ChatKind, Role

MOST = 5000
LEVELS = {
    "info": "INFO", "信息": "INFO", "warning": "WARNING", "warn": "WARNING", "警告": "WARNING",
    "error": "ERROR", "错误": "ERROR",
}  # fmt: skip


async def read_search(source: Source) -> LogSearch:
    """How many lines, how heavy, and a text they hold: each may be left out, in this order."""
    most, level = 20, "INFO"
    if (word := source.peek()) and word.isascii() and word.isdigit():
        source.take()
        if not 1 <= len(word) <= 4 or not 1 <= int(word) <= MOST:
            raise BadArgument("too_many_lines", word=word, limit=MOST)
        most = int(word)
    if (found := LEVELS.get(source.peek() or "")) is not None:
        source.take()
        level = found
    return LogSearch(most=most, level=level, text=source.take_rest()[:100] if source.left else "")


async def logs(ask: Ask, search: LogSearch | None) -> Draft:
    """The newest lines. In a group: how to ask for them in private."""
    if ask.request.chat_kind is ChatKind.group:
        return logs_private_card(ask.pen("example.logs"), ask.pen)
    return logs_card(await ask.engine.logs.find(search or LogSearch()), ask.pen)


ROWS = (
    Command(
        name="logs",
        words=("日志",),
        topic="shop",
        role=Role.owner,
        run=logs,
        arguments=(optional("search", read_search),),
    ),
)
