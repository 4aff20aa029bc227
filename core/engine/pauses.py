"""Halting and resuming automatic work."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.engine.context import Shop
from core.moves import pauses
from core.moves.cause import Cause
from core.store import pauses as memory
from core.store.db import Tx
from core.values.ids import AccountId
from core.values.people import Actor
from core.values.views import PauseView


class Pauses:
    """What is paused, and by whom. A pause lets a person's own acts through; the emergency stop lets nothing."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def show(self) -> PauseView:
        """What is paused now and how many due shipments wait."""
        now = self._shop.now()
        active = await memory.read_active(self._shop.store.people, now)
        waiting = await memory.due_waiting(self._shop.store.people, now)
        return PauseView(pauses=active, stopped=pauses.is_stopped(active), due_waiting=waiting)

    async def pause(
        self, actor: Actor, scope: str, entity_id: int | None, until: datetime | None, reason: str = ""
    ) -> PauseView:
        """Halt automatic work; `scope` is all, product or chat, `until` None means until resumed."""
        return await self._act(actor, lambda tx, cause: pauses.pause(tx, cause, scope, entity_id, until, reason))

    async def pause_accounts(
        self, actor: Actor, accounts: Sequence[AccountId], until: datetime | None, reason: str = ""
    ) -> PauseView:
        """Halt automatic work of some accounts; `until` None means until resumed."""
        return await self._act(actor, lambda tx, cause: pauses.pause_accounts(tx, cause, accounts, until, reason))

    async def resume_accounts(self, actor: Actor, accounts: Sequence[AccountId]) -> PauseView:
        """End the pauses of some accounts."""
        return await self._act(actor, lambda tx, cause: pauses.resume_accounts(tx, cause, accounts))

    async def resume(self, actor: Actor, pause_id: int | None = None) -> PauseView:
        """End one pause, or every one but the emergency stop."""
        return await self._act(actor, lambda tx, cause: pauses.resume(tx, cause, pause_id))

    async def stop_all(self, actor: Actor) -> PauseView:
        """The emergency stop: nothing leaves the engine."""
        return await self._act(actor, pauses.stop)

    async def resume_all(self, actor: Actor) -> PauseView:
        """End the emergency stop."""
        return await self._act(actor, pauses.resume_all)

    async def _act(self, actor: Actor, work: Callable[[Tx, Cause], int]) -> PauseView:
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: work(tx, cause))
        return await self.show()
