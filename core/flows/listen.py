"""The shop's side of every market connection (core/outside/ports.Listener)."""

from collections.abc import Sequence
from datetime import datetime

from core.flows.catch_up import CatchUp
from core.flows.ingest import Ingest
from core.outside.ports import Link
from core.values.ids import UserId
from core.values.market import MarketRecord


class ShopListener:
    """Hands what a connection tells to the flows."""

    def __init__(self, ingest: Ingest, catch_up: CatchUp) -> None:
        self._ingest = ingest
        self._catch_up = catch_up

    async def arrived(self, account: str, records: Sequence[MarketRecord]) -> None:
        """Store, then return."""
        await self._ingest.arrived(account, records)

    async def connected(self, account: str, user_id: UserId) -> None:
        """Online: fill the gap."""
        await self._catch_up.connected(account, user_id)

    async def disconnected(self, account: str, reason: str) -> None:
        """Offline."""
        await self._catch_up.disconnected(account, reason)

    async def unstable(self, account: str, reason: str) -> None:
        """Left alone for a while."""
        await self._catch_up.unstable(account, reason)

    async def needs_owner(self, account: str, error: Exception) -> None:
        """Only the owner can help."""
        await self._catch_up.needs_owner(account, error)

    async def mended(self, account: str) -> None:
        """The owner helped."""
        await self._catch_up.mended(account)

    async def login_checked(self, account: str, *, alive: bool, ends_at: datetime | None) -> None:
        """Warn before it is over."""
        await self._catch_up.login_checked(account, alive=alive, ends_at=ends_at)

    async def keep_link(self, account: str, link: Link) -> None:
        """Keep cookies and token."""
        await self._catch_up.keep_link(account, link)


class QuietListener(ShopListener):
    """For a question to a shop that does not run: what a server renews is kept, nobody is told anything."""

    async def needs_owner(self, account: str, error: Exception) -> None:
        """Whoever asked is told."""

    async def mended(self, account: str) -> None:
        """Nothing was."""

    async def unstable(self, account: str, reason: str) -> None:
        """The same."""
