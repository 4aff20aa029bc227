"""An account's login while it works: its link, and the gate that shuts when only the owner can help."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from core.errors import NeedsOwner
from core.outside.ports import Link, Listener
from core.outside.xianyu.cookies import cookies_of, header_of, merge

_log = logging.getLogger(__name__)


class Login:
    """Holds the link and keeps it stored; after a NeedsOwner every call raises the same until `reopen`."""

    def __init__(self, account: str, link: Link) -> None:
        self.account = account
        self.link = link
        self._stored = link
        self._listener: Listener | None = None
        self._shut: NeedsOwner | None = None
        self._reopened = asyncio.Event()
        self._reopened.set()

    async def attach(self, listener: Listener) -> None:
        """From now on the listener stores the link and hears of trouble; what changed before is stored now."""
        self._listener = listener
        await self._store(self.link)

    def check(self) -> None:
        """Raise what shut the gate, without touching the network; a new error each time, as raising one adds to it."""
        if self._shut is not None:
            raise type(self._shut)(self._shut.key, **self._shut.facts) from self._shut

    async def shut(self, error: NeedsOwner) -> None:
        """Stop this account's calls and tell the owner once."""
        if self._shut is not None:
            return
        self._shut = error
        self._reopened.clear()
        _log.warning("account %s stops: %s %s", self.account, error.key, error.facts.get("code"))
        if self._listener is not None:
            await self._listener.needs_owner(self.account, error)

    def reopen(self) -> None:
        """The owner says it works again."""
        self._shut = None
        self._reopened.set()

    async def opened(self) -> None:
        """Wait until the gate is open."""
        await self._reopened.wait()

    async def take_set_cookies(self, set_cookies: Sequence[str]) -> None:
        """Merge what a server set."""
        if set_cookies:
            await self._keep(self.link.model_copy(update={"cookies": merge(self.link.cookies, set_cookies)}))

    async def take_cookies(self, header: str) -> None:
        """Replace the cookies by those of a new login of the same user; the token of the old one goes."""
        cookies = cookies_of(header.strip())
        if cookies.get("unb") != self.link.user_id:
            _log.warning("account %s: the new cookies belong to another user and are not used", self.account)
            return
        new = {"cookies": header_of(cookies), "token": None, "token_expires_at": None}
        await self._keep(self.link.model_copy(update=new))

    async def take_token(self, token: str | None, expires_at: datetime | None) -> None:
        """Keep the access token of the socket, or forget it."""
        await self._keep(self.link.model_copy(update={"token": token, "token_expires_at": expires_at}))

    async def _keep(self, link: Link) -> None:
        await self._store(link)
        self.link = link

    async def _store(self, link: Link) -> None:
        """Stored before it is relied on."""
        if self._listener is not None and link != self._stored:
            await self._listener.keep_link(self.account, link)
            self._stored = link
