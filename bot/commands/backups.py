"""The whole shop as a file, for its owner alone."""

from bot.cards.backups import backup_card, backup_in_private
from bot.cards.capabilities import Can, can
from bot.cards.card import Draft
from bot.commands.command import Ask, Command
from core.values.people import ChatKind, Role

MOST_BYTES = {"telegram": 50_000_000, "wecom": 20_000_000, "wecomapp": 20_000_000, "terminal": 20_000_000}
"""Largest file a bot may send: Telegram 50 MB (Bot API), WeCom 20 MB (media upload)."""


async def backup(ask: Ask) -> Draft:
    """A copy of the shop in the owner's private chat; in a group: where to ask for it."""
    if ask.request.chat_kind is ChatKind.group:
        return backup_in_private(ask.pen)
    most = MOST_BYTES.get(ask.request.front, 20_000_000) if _takes_files(ask) else 0
    return backup_card(await ask.engine.backups.make(ask.actor, most), ask.pen)


def _takes_files(ask: Ask) -> bool:
    return ask.request.front not in MOST_BYTES or can(ask.request.chat, Can.file)


ROWS = (Command(name="backup", words=("备份",), topic="shop", role=Role.owner, run=backup),)
