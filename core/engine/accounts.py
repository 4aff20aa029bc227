"""The owner and the shop's logins."""

from core.engine.context import Shop
from core.errors import NotFound, Refused
from core.moves import acts, logins
from core.store import accounts, health, rooms
from core.store import logins as login_rows
from core.store.db import Tx
from core.values.ids import AccountId
from core.values.logins import LoginView
from core.values.people import Actor, ChatKind
from core.values.sellers import Sellers
from core.values.views import AccountHealth
from core.values.vitals import Vitals

RESUME = "resume_asked"


class Accounts:
    """Logins: how they are, and the owner's word that one works again."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> tuple[AccountHealth, ...]:
        """Every account, with how its calls are."""
        reader = self._shop.store.people
        beat = await health.heartbeat(reader)
        return await health.list_lines(reader, beat.vitals if beat else Vitals(), self._shop.now())

    async def sellers(self) -> Sellers:
        """Every account with its shop."""
        return await accounts.list_sellers(self._shop.store.people)

    async def find(self, word: str) -> AccountHealth:
        """An account by its name or "a1"; the only one when there is just one and the word is empty.

        Raises NotFound("no_such_account").
        """
        rows = await self.list()
        named = [row for row in rows if word in (row.name, f"a{row.id}") or (not word and len(rows) == 1)]
        if not named:
            raise NotFound("no_such_account", account=word[:40], known=" · ".join(row.name for row in rows))
        return named[0]

    async def resume(self, actor: Actor, account_id: AccountId) -> AccountHealth:
        """The owner says that the login works again: the shop connects anew."""
        before = await self._known(account_id)
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> None:
            tx.run("accounts.set_state", id=account_id, state="offline", reason=RESUME, now=cause.now_ms)
            acts.record(tx, cause, "reconnect", "account", account_id, before.state, "offline")

        await self._shop.store.write(work)
        return before

    async def log_in(self, actor: Actor, account_id: AccountId) -> LoginView:
        """Begin a login by code, or find the one that runs; its code goes to the actor's private room alone.

        Raises NotFound("no_such_account"), Refused("no_private_chat").
        """
        await self._known(account_id)
        chat, cause = await self._private(actor), self._shop.cause(actor)
        login_id = await self._shop.store.write(lambda tx: logins.ask(tx, cause, account_id, chat))
        return await self.find_login(login_id)

    async def find_login(self, login_id: int) -> LoginView:
        """A login by code as it stands now, with its code while it lives; NotFound("no_such_login")."""
        found = await login_rows.find(self._shop.store.people, self._shop.store.vault, login_id)
        if found is None:
            raise NotFound("no_such_login", login=login_id)
        return found

    async def _known(self, account_id: AccountId) -> AccountHealth:
        found = await health.find_account(self._shop.store.people, account_id)
        if found is None:
            raise NotFound("no_such_account", account=account_id)
        return found

    async def _private(self, actor: Actor) -> str:
        """Where nobody else reads along: the room the actor wrote in, unless it is a group; else their own."""
        for chat in (actor.chat, actor.who):
            room = await rooms.find(self._shop.store.people, chat)
            if room is not None and room.kind is not ChatKind.group and room.is_open:
                return chat
        raise Refused("no_private_chat")
