"""An account's login while it works: its link, and the gate that shuts when only the owner can help."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from core.clock import Clock
from core.errors import NeedsOwner, ShopError
from core.outside.ports import Link, Listener
from core.outside.xianyu.cookies import cookies_of, ends_at, header_of, merge

_log = logging.getLogger(__name__)
_SESSION = "cookie2"


class Login:
    """Holds the link and keeps it stored; after a NeedsOwner every call raises the same until `reopen`.

    `fresh_cookies` reads the Cookie header the owner gave last (the cookie file). The kept cookies are newer than an
    unchanged file, for servers renew them; so the file counts when it changed, or when the kept login is over.
    """

    def __init__(self, account: str, link: Link, fresh_cookies: Callable[[], str | None], clock: Clock) -> None:
        self.account = account
        self.link = link
        self._fresh_cookies = fresh_cookies
        self._clock = clock
        self._given = self._read_given()
        self._stored = link
        self._listener: Listener | None = None
        self._shut: NeedsOwner | None = None
        self._reopened = asyncio.Event()
        self._reopened.set()

    @property
    def is_attached(self) -> bool:
        """Whether somebody stores the link."""
        return self._listener is not None

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
            new = {"cookies": merge(self.link.cookies, set_cookies)}
            ends = ends_at(set_cookies, self._clock.now()) or self.link.ends_at
            await self._keep(self.link.model_copy(update={**new, "ends_at": ends}))

    async def take_changed(self) -> None:
        """Take the owner's cookies if they were given since last looked at."""
        before, self._given = self._given, self._read_given()
        if self._given != before:
            await self._take_given()

    async def take_other_login(self) -> bool:
        """Take the owner's cookies if they are of another login than ours, which is over. False when they are not."""
        ours, given = cookies_of(self.link.cookies), cookies_of(self._read_given())
        if given.get(_SESSION) in (None, ours.get(_SESSION)):
            return False
        self._given = self._read_given()
        return await self._take_given()

    async def take_token(self, token: str | None, expires_at: datetime | None) -> None:
        """Keep the access token of the socket, or forget it."""
        await self._keep(self.link.model_copy(update={"token": token, "token_expires_at": expires_at}))

    async def _take_given(self) -> bool:
        """Replace the cookies by those of a login of the same user; the token of the old one goes."""
        cookies = cookies_of(self._given)
        if cookies.get("unb") != self.link.user_id:
            _log.warning("account %s: the given cookies are not of this user and are not used", self.account)
            return False
        await self.take_login(header_of(cookies), None)
        return True

    async def take_login(self, cookies: str, ends: datetime | None) -> None:
        """Replace the cookies by those of a new login of the same user, given as a Cookie header."""
        new = {"token": None, "token_expires_at": None, "logged_in_at": self._clock.now(), "ends_at": ends}
        await self._keep(self.link.model_copy(update={**new, "cookies": cookies}))

    def _read_given(self) -> str:
        try:
            return (self._fresh_cookies() or "").strip()
        except ShopError as error:
            _log.warning("account %s: no cookies can be read: %s", self.account, error)
            return ""

    async def _keep(self, link: Link) -> None:
        await self._store(link)
        self.link = link

    async def _store(self, link: Link) -> None:
        """Stored before it is relied on."""
        if self._listener is not None and link != self._stored:
            await self._listener.keep_link(self.account, link)
            self._stored = link
