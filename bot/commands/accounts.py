"""The shop's logins: how they are, a new one by code, and the owner's word that one works again."""

from bot.cards.accounts import accounts_card, reconnecting_card
from bot.cards.card import Draft
from bot.cards.logins import login_begun
from bot.commands.command import Ask, Command, optional
from bot.commands.sellers import read_account
from core.values.people import Role
from core.values.views import AccountHealth


async def accounts(ask: Ask) -> Draft:
    """Every account: how it is, and how old its login."""
    return accounts_card(await ask.engine.accounts.list(), ask.pen)


async def login(ask: Ask, account: AccountHealth) -> Draft:
    """Log an account in by a code, which goes to the asker's private room; without a name, the only one there is."""
    begun = await ask.engine.accounts.log_in(ask.actor, account.id)
    return login_begun(begun, ask.pen, here=begun.chat == ask.request.chat)


async def reconnect(ask: Ask, account: AccountHealth) -> Draft:
    """Connect an account anew; without a name, the only one there is."""
    return reconnecting_card(await ask.engine.accounts.resume(ask.actor, account.id), ask.pen)


ROWS = (
    Command(name="accounts", words=("账号",), topic="shop", role=Role.owner, run=accounts, in_menu=True),
    Command(
        name="login",
        words=("登录", "扫码登录"),
        topic="shop",
        role=Role.owner,
        run=login,
        arguments=(optional("account", read_account, grabs=True),),
        mutating=True,
    ),
    Command(
        name="reconnect",
        words=("重连",),
        topic="shop",
        role=Role.owner,
        run=reconnect,
        arguments=(optional("account", read_account, grabs=True),),
        mutating=True,
    ),
)
