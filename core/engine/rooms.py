"""The owner's chats: where the shop may speak, and where alerts go first."""

from core.clock import to_ms
from core.engine.context import Shop
from core.store import rooms
from core.values.counter import Room
from core.values.people import ChatKind


class Rooms:
    """Groups, private chats and the terminal in which the shop may speak."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, chat: str) -> Room | None:
        """One chat ("telegram:-1001"); None when the shop was never let in."""
        return await rooms.find(self._shop.store.people, chat)

    async def is_bound(self, chat: str) -> bool:
        """Whether the shop may speak in a chat."""
        found = await self.find(chat)
        return found is not None and found.left_at is None

    async def list_homes(self) -> tuple[Room, ...]:
        """Where alerts go: the groups (and the terminal) the shop is in, first bound first."""
        return tuple(room for room in await self.list() if room.kind is not ChatKind.private and room.left_at is None)

    async def list(self) -> tuple[Room, ...]:
        """Every chat, also those the shop had to leave, first bound first."""
        return await rooms.list_all(self._shop.store.people)

    async def bind(self, chat: str, kind: ChatKind, title: str = "") -> None:
        """Let the shop speak in a chat."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: rooms.bind(tx, chat, kind, title, now_ms))
