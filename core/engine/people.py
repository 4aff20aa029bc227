"""Who may act here."""

from core.clock import to_ms
from core.engine.context import Shop
from core.store import people
from core.values.counter import Member
from core.values.people import Role


class People:
    """The members of the owner's group."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, who: str) -> Member | None:
        """The person with a stable platform user id ("terminal:owner"), or None."""
        return await people.find(self._shop.store.people, who)

    async def list(self) -> tuple[Member, ...]:
        """Everybody who may do anything, longest here first; a person with two ids stands there twice."""
        return await people.list_all(self._shop.store.people)

    async def keep(self, who: str, name: str, role: Role) -> None:
        """Add a person, or change their name and role."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: people.keep(tx, who, name, role, now_ms))
