"""Who may act here."""

from core.clock import to_ms
from core.engine.context import Shop
from core.store import people
from core.values.people import Role
from core.values.views import Member


class People:
    """The members of the owner's group and their chats."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, who: str) -> Member | None:
        """The person with a stable platform user id ("terminal:owner"), or None."""
        return await people.find(self._shop.store.people, who)

    async def keep(self, who: str, name: str, role: Role) -> None:
        """Add a person, or change their name and role."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: people.keep(tx, who, name, role, now_ms))

    async def is_bound(self, chat: str) -> bool:
        """Whether a chat is one the shop may speak in."""
        return await people.is_bound(self._shop.store.people, chat)

    async def bind(self, chat: str) -> None:
        """Let the shop speak in a chat."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: people.bind(tx, chat, now_ms))
