"""The shop's logins: the owner's word that one works again."""

from bot.cards.accounts import reconnecting_card
from bot.cards.card import Draft
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import read_account
from core.values.people import Role
from core.values.views import AccountHealth


async def reconnect(ask: Ask, account: AccountHealth | None) -> Draft:
    """Connect an account anew; without a name, the only one there is."""
    chosen = account or await ask.engine.accounts.find("")
    return reconnecting_card(await ask.engine.accounts.resume(ask.actor, chosen.id), ask.pen)


ROWS = (
    Command(
        name="reconnect",
        words=("重连",),
        topic="shop",
        role=Role.owner,
        run=reconnect,
        arguments=(optional("account", read_account),),
        mutating=True,
    ),
)
