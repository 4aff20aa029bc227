"""The owner and the shop's logins."""

from core.engine.context import Shop
from core.errors import NotFound
from core.moves import acts
from core.store import health
from core.store.db import Tx
from core.values.ids import AccountId
from core.values.people import Actor
from core.values.views import AccountHealth

RESUME = "resume_asked"


class Accounts:
    """Logins: how they are, and the owner's word that one works again."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> tuple[AccountHealth, ...]:
        """Every account."""
        return await health.list_accounts(self._shop.store.people)

    async def find(self, word: str) -> AccountHealth:
        """An account by its name or "a1"; the only one when there is just one and the word is empty.

        Raises NotFound("no_such_account").
        """
        rows = await self.list()
        named = [row for row in rows if word in (row.name, f"a{row.id}") or (not word and len(rows) == 1)]
        if not named:
            raise NotFound("no_such_account", account=word[:40])
        return named[0]

    async def resume(self, actor: Actor, account_id: AccountId) -> AccountHealth:
        """The owner says that the login works again: the shop connects anew."""
        before = await health.find_account(self._shop.store.people, account_id)
        if before is None:
            raise NotFound("no_such_account", account=account_id)
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> None:
            tx.run("accounts.set_state", id=account_id, state="offline", reason=RESUME, now=cause.now_ms)
            acts.record(tx, cause, "reconnect", "account", account_id, before.state, "offline")

        await self._shop.store.write(work)
        return before
