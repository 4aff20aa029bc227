"""An account's login while it works: its link, and the gate that shuts when only the owner can help."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.clock import Chance, Clock
from core.errors import BadConfig, LoginExpired, NeedsOwner, Refused, ShopError
from core.outside.ports import Link, Listener
from core.outside.xianyu.cookies import cookies_of, ends_at, header_of, merge
from core.outside.xianyu.identity import new_link
from core.values.ids import UserId

_log = logging.getLogger(__name__)
_SESSION = "cookie2"
_PLAIN_LASTS = timedelta(days=1)
"""After so long a plain seller is asked about again: it may have opened a merchant shop."""


class Login:
    """Holds the link and keeps it stored; after a NeedsOwner every call raises the same until `reopen`.

    `fresh_cookies` reads the Cookie header the owner gave last (the cookie file). The kept cookies are newer than an
    unchanged file, for servers renew them; so the file counts when it changed, or when the kept login is over.
    Before the first login the gate is shut. The first login the platform accepts decides for ever whose account it is
    (`settled`): one that was only given may be of anybody. `stopped` is what only the owner can clear and has not: a
    new process does not knock again.
    """

    def __init__(
        self,
        account: str,
        link: Link,
        fresh_cookies: Callable[[], str | None],
        clock: Clock,
        chance: Chance,
        stopped: NeedsOwner | None = None,
        *,
        settled: bool = True,
    ) -> None:
        self.account = account
        self.link = link
        self._fresh_cookies = fresh_cookies
        self._clock = clock
        self._chance = chance
        self._settled = settled
        self._given = self._read_given()
        self._stored: Link | None = None
        self._listener: Listener | None = None
        self._changing = asyncio.Lock()
        self._shut = self._not_logged_in() if link.user_id is None else stopped
        self.openings = 0
        """How often the owner mended the login: what was asked before says nothing of it."""
        self._reopened = asyncio.Event()
        if self._shut is None:
            self._reopened.set()

    @property
    def user_id(self) -> UserId:
        """Whose account it is; LoginExpired("not_logged_in") before the first login."""
        if self.link.user_id is None:
            raise self._not_logged_in()
        return self.link.user_id

    @property
    def owner(self) -> UserId | None:
        """Whose account it is for ever; None while no login of it was accepted."""
        return self.link.user_id if self._settled else None

    def settle(self) -> None:
        """The platform accepted the login."""
        self._settled = True

    @property
    def is_attached(self) -> bool:
        """Whether somebody stores the link."""
        return self._listener is not None

    async def attach(self, listener: Listener) -> None:
        """From now on the listener stores the link and hears of trouble; what changed before is stored now."""
        self._listener = listener
        if self.link.user_id is None and self._shut is not None:
            return await listener.needs_owner(self.account, self._shut)
        if self._shut is None:  # a new run asks anew whether a login is over
            await listener.mended(self.account)
        try:
            return await self._keep(lambda link: link)
        except Refused as error:
            return await self.shut(LoginExpired(error.key, reason=error.key))

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

    async def reopen(self, refused: ShopError | None = None) -> bool:
        """The owner says it works again. Whether it is open now.

        Where there never was a login it stays shut, and so does a login that is over when the cookies given for it
        were `refused`; why is said.
        """
        was = self._shut
        if self.link.user_id is None:
            self._shut = None
            await self.shut(self._not_logged_in())
        elif refused is not None and isinstance(was, LoginExpired):
            self._shut = None
            await self.shut(LoginExpired("login_expired", code=refused.key, reason=refused.key))
        else:
            await self._open()
        return self._shut is None

    async def _open(self) -> None:
        """The listener knows before the first call goes, so that what the calls find out next has the last word."""
        if self._listener is not None:
            await self._listener.mended(self.account)
        self._shut = None
        self.openings += 1
        self._reopened.set()

    async def opened(self) -> None:
        """Wait until the gate is open."""
        await self._reopened.wait()

    async def take_set_cookies(self, set_cookies: Sequence[str], asked_with: str) -> None:
        """Merge what a server set in answer to a call with these cookies; of a login that is replaced it is nothing."""
        now = self._clock.now()

        def merged(link: Link) -> Link:
            if cookies_of(link.cookies).get(_SESSION) != cookies_of(asked_with).get(_SESSION):
                return link
            ends = ends_at(set_cookies, now) or link.ends_at
            return link.model_copy(update={"cookies": merge(link.cookies, set_cookies), "ends_at": ends})

        if set_cookies:
            await self._keep(merged)

    async def take_changed(self) -> ShopError | None:
        """Take the owner's cookies if they were given since last looked at; why they were not, if they were not."""
        before, self._given = self._given, self._read_given()
        return await self._take_given() if self._given != before else None

    async def take_other_login(self) -> bool:
        """Take the owner's cookies if they are of another login than ours, which is over. False when they are not."""
        ours, given = cookies_of(self.link.cookies), cookies_of(self._read_given())
        if given.get(_SESSION) in (None, ours.get(_SESSION)):
            return False
        self._given = self._read_given()
        return await self._take_given() is None

    async def take_token(self, token: str | None, expires_at: datetime | None) -> None:
        """Keep the access token of the socket, or forget it."""
        update = {"token": token, "token_expires_at": expires_at}
        await self._keep(lambda link: link.model_copy(update=update))

    @property
    def is_plain(self) -> bool:
        """Whether the platform said lately that the account has no merchant shop (鱼小铺)."""
        said_at = self.link.plain_at
        return said_at is not None and self._clock.now() - said_at < _PLAIN_LASTS

    async def take_plain(self, *, plain: bool) -> None:
        """Keep that the account is a plain seller, or that it may not be."""
        if plain or self.link.plain_at is not None:
            update = {"plain_at": self._clock.now() if plain else None}
            await self._keep(lambda link: link.model_copy(update=update))

    async def _take_given(self) -> ShopError | None:
        """Replace the cookies by those of a login of the same user; the token of the old one goes. Or why not."""
        try:
            await self.take_login(header_of(cookies_of(self._given)), None)
        except (BadConfig, Refused) as error:
            _log.warning("account %s: the given cookies are not used: %s", self.account, error)
            return error
        return None

    async def take_login(self, cookies: str, ends: datetime | None) -> None:
        """Replace the cookies by those of a new login, given as a Cookie header; the device of a user stays.

        BadConfig when they are of nobody, Refused("wrong_account") when of another user than the account's.
        """
        new = new_link(cookies, self._chance)
        times = {"logged_in_at": self._clock.now(), "ends_at": ends}

        def replaced(link: Link) -> Link:
            if self.owner not in (None, new.user_id):
                raise Refused("wrong_account", account=self.account)
            device_id = link.device_id if link.user_id in (None, new.user_id) else ""
            return new.model_copy(update={**times, "device_id": device_id or new.device_id})

        await self._keep(replaced)

    def _not_logged_in(self) -> LoginExpired:
        """With what is wrong with the cookies that were given, if any were."""
        try:
            given = (self._fresh_cookies() or "").strip()
            if given:
                new_link(given, self._chance)
        except BadConfig as error:
            return LoginExpired("not_logged_in", reason=error.key)
        return LoginExpired("not_logged_in")

    def _read_given(self) -> str:
        try:
            return (self._fresh_cookies() or "").strip()
        except ShopError as error:
            _log.warning("account %s: no cookies can be read: %s", self.account, error)
            return ""

    async def _keep(self, change: Callable[[Link], Link]) -> None:
        """Change the link, stored before it is relied on; one after another, for two at once would lose one of them."""
        async with self._changing:
            link = change(self.link)
            if self._listener is not None and link != self._stored:
                await self._listener.keep_link(self.account, link)
                self._stored = link
            self.link = link
