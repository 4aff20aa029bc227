"""One Xianyu account as a `Market` (core/outside/ports)."""

import time
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from aiolimiter import AsyncLimiter

from core.clock import Chance, Clock
from core.errors import NeedsOwner, Refused
from core.outside.breaker import Breaker, Limits
from core.outside.http import Http
from core.outside.ports import Link, Listener
from core.outside.xianyu.apis import LOGIN_USER
from core.outside.xianyu.connection import Connection
from core.outside.xianyu.login import Login
from core.outside.xianyu.mtop import Mtop
from core.outside.xianyu.qr_login import QrLogin
from core.outside.xianyu.records import record_of
from core.outside.xianyu.refunds import Refunds
from core.outside.xianyu.skew import PlatformClock
from core.outside.xianyu.talks import Talks
from core.outside.xianyu.times import Addresses, WireTimes
from core.outside.xianyu.trades import Trades
from core.values.ids import ChatNo, ItemId, OrderNo, RefundNo, UserId
from core.values.logins import LoginState, LoginStep
from core.values.market import ChatMessage, Conversation, MarketRecord
from core.values.orders import OrderRecord, RefundRecord
from core.values.products import ItemRecord
from core.values.vitals import LineState


class XianyuMarket:
    """One account. Calls of the web API work from the start, those over the socket while `listen` runs.

    After LoginExpired or Challenged every call raises the same at once, without the network, until `resume`; no
    challenge is ever solved here. `clock` tells shop time (it signs calls and dates tokens); waits on the wire are real
    (`times`). `fresh_cookies` reads the Cookie header the owner gave (the cookie file): asked at `resume` and when the
    login is over; None when there is none. `proxy` is the way of everything of this account; `stopped` is what an
    earlier run stopped for, and stays stopped for. `settled` says whether the platform ever accepted a login of it.
    """

    def __init__(
        self,
        account: str,
        link: Link,
        *,
        clock: Clock,
        chance: Chance,
        addresses: Addresses | None = None,
        times: WireTimes | None = None,
        fresh_cookies: Callable[[], str | None] | None = None,
        proxy: str | None = None,
        stopped: NeedsOwner | None = None,
        settled: bool = True,
    ) -> None:
        self._at = at = addresses or Addresses()
        self._times = times = times or WireTimes()
        self._clock = clock
        self._login = login = Login(
            account, link, fresh_cookies or _no_cookies, clock, chance, stopped, settled=settled
        )
        self._http = Http(times.http_s, at.api_url, proxy)
        self._time = PlatformClock(clock)
        limits = Limits(times.failures, times.rest_first_s, times.rest_last_s)
        self._breaker = Breaker(limits, chance, time.monotonic)
        reads = _budget(times, clock)
        self._mtop = mtop = Mtop(
            login,
            self._http,
            self._time,
            self._breaker,
            reads,
            api_url=at.api_url,
            passport_url=at.passport_url,
            busy_s=times.busy_s,
        )
        self._connection = Connection(login, mtop, at.ws_url, clock, self._time, chance, times, proxy)
        self._trades = Trades(mtop, login)
        self._refunds = Refunds(mtop)
        self._talks = Talks(self._connection, login, reads, clock, times)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the HTTP connections; `listen` lets go of the socket when it is cancelled."""
        await self._http.close()

    @property
    def account(self) -> str:
        """The account's name in the configuration."""
        return self._login.account

    @property
    def user_id(self) -> UserId:
        """The account's own user id (`unb`); LoginExpired("not_logged_in") before the first login."""
        return self._login.user_id

    @property
    def line(self) -> LineState:
        """How the account's calls are at this moment."""
        told, rest = self._time.told, self._breaker.rest
        ahead_s = None if told is None else told.total_seconds()
        if rest is None:
            return LineState(ahead_s=ahead_s)
        now = self._clock.now()
        since, left = (timedelta(seconds=self._clock.shop_s(length_s)) for length_s in rest[:2])
        until = now + left if rest.left_s > 0 else None
        return LineState(rests_since=now - since, rests_until=until, reason=rest.reason, ahead_s=ahead_s)

    async def listen(self, listener: Listener) -> None:
        """Own the connection until cancelled. What `arrived` raises ends it: nothing of that was acknowledged."""
        await self._login.attach(listener)
        await self._connection.keep(listener)

    async def probe(self, listener: Listener) -> None:
        """Ask who is logged in. `listener` stores renewed cookies, unless one listens already."""
        if not self._login.is_attached:
            await self._login.attach(listener)
        await self._mtop.call(LOGIN_USER, {})

    async def try_out(self) -> Link:
        """Ask who is logged in while nobody stores what is renewed: the login as it stands after the answer."""
        await self._mtop.call(LOGIN_USER, {})
        return self._login.link

    async def resume(self) -> None:
        """The owner says it works again: take new cookies if there are any, ask everything afresh, connect anew."""
        refused = await self._login.take_changed()
        await self._login.take_plain(plain=False)
        self._breaker.close()
        if await self._login.reopen(refused):
            self._connection.reconnect()

    async def log_in(self) -> AsyncGenerator[LoginStep]:
        """Log in by a code the owner scans; the login of another user is refused."""
        link, now = self._login.link, self._clock.now()
        qr = QrLogin(self._http, self._at.passport_url, self._times, now, self._login.owner, link.cookies)
        async for step in qr.steps():
            yield await self._take(qr) if step.state is LoginState.done else step

    async def _take(self, qr: QrLogin) -> LoginStep:
        try:
            await self._login.take_login(qr.cookies, qr.ends_at)
        except Refused:
            return LoginStep(state=LoginState.wrong_account)
        self._breaker.close()
        await self._login.reopen()
        self._connection.reconnect()
        return LoginStep(state=LoginState.done)

    def read_record(self, raw: bytes) -> MarketRecord:
        """Parse a stored raw record again; never raises."""
        return record_of(raw, self._login.link.user_id)

    async def send_text(self, chat_no: ChatNo, to: UserId, text: str) -> str:
        """Say something to a buyer; the platform's message id."""
        return await self._talks.send_text(chat_no, to, text)

    async def open_chat(self, buyer: UserId, item_id: ItemId) -> ChatNo:
        """Create or find the conversation with a buyer about an item."""
        return await self._talks.open_chat(buyer, item_id)

    async def list_conversations(self, since: datetime) -> tuple[Conversation, ...]:
        """Conversations changed since an instant, newest first."""
        return await self._talks.list_conversations(since)

    async def list_messages(self, chat_no: ChatNo, since: datetime) -> tuple[ChatMessage, ...]:
        """A conversation's messages since an instant, oldest first, both sides."""
        return await self._talks.list_messages(chat_no, since)

    async def list_history(self, chat_no: ChatNo, since: datetime) -> tuple[MarketRecord, ...]:
        """The same as records, named as their pushes are named."""
        return await self._talks.list_history(chat_no, since)

    async def find_order(self, order_no: OrderNo) -> OrderRecord | None:
        """The platform's record of an order."""
        return await self._trades.find_order(order_no)

    async def find_order_of_chat(self, chat_no: ChatNo, item_id: ItemId) -> OrderNo | None:
        """The present order of a chat about an item."""
        return await self._trades.find_order_of_chat(chat_no, item_id)

    async def list_sold(self) -> tuple[OrderRecord, ...]:
        """The orders that wait to be shipped, newest first."""
        return await self._trades.list_sold()

    async def find_item(self, item_id: ItemId) -> ItemRecord | None:
        """The platform's record of an item."""
        return await self._trades.find_item(item_id)

    async def list_items(self) -> tuple[ItemRecord, ...]:
        """The account's items on sale."""
        return await self._trades.list_items()

    async def ship_virtual(self, order_no: OrderNo) -> None:
        """Tell the platform that goods without postage were delivered."""
        await self._trades.ship_virtual(order_no)

    async def ship_parcel(self, order_no: OrderNo, carrier_code: str, tracking_no: str) -> None:
        """Tell the platform a parcel's carrier and number."""
        await self._trades.ship_parcel(order_no, carrier_code, tracking_no)

    async def find_refund(self, order_no: OrderNo) -> RefundRecord | None:
        """The newest refund request of an order."""
        return await self._refunds.find(order_no)

    async def refuse_refund(self, refund_no: RefundNo, reason_id: str) -> None:
        """Say no to a refund request."""
        await self._refunds.refuse(refund_no, reason_id)


def _no_cookies() -> None:
    """Nobody gives new cookies while the shop runs."""


def _budget(times: WireTimes, clock: Clock) -> AsyncLimiter:
    """Of questions: so many at once, then so many a second, in shop time."""
    return AsyncLimiter(times.reads_at_once, max(clock.real_s(times.reads_at_once / times.reads_per_s), 0.001))
