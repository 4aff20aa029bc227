"""Keeps one account connected: token, socket, registration, sync, heartbeats, renewal, and the next connection.

A renewed token makes the sockets of the old one deaf: heartbeats are answered, pushes never come (facts: zombie
socket). So a renewal always ends the connection, and the next begins at once with the new token.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import NoReturn

from core.clock import Chance, Clock, from_ms, to_ms
from core.errors import LoginExpired, MarketDown, NeedsOwner, ShopError, Transient
from core.outside.ports import Listener
from core.outside.xianyu.apis import LOGIN_TOKEN, LOGIN_USER
from core.outside.xianyu.fields import Fields, as_fields, fields_at, instant_ms_at, number_at, text_at
from core.outside.xianyu.line import Ended, Line, open_line
from core.outside.xianyu.login import Login
from core.outside.xianyu.lwp import (
    ACK_DIFF,
    GET_STATE,
    HEARTBEAT,
    IM_APP_KEY,
    REG,
    ack_diff_body,
    reg_headers,
    state_body,
)
from core.outside.xianyu.mtop import Mtop
from core.outside.xianyu.skew import PlatformClock
from core.outside.xianyu.times import WireTimes
from core.outside.xianyu.waits import Backoff, Shorts, until_one_ends
from core.values.market import MarketRecord

_log = logging.getLogger(__name__)
_MOST_REFUSALS = 3
"""So many fresh tokens refused in a row: more token calls would only wake the risk control."""
_ABSOLUTE_MS = 10**11
_USUAL_LIFE = timedelta(hours=12)


class Connection:
    """The connection loop of one account. `line` is the socket to send on, MarketDown while there is none."""

    def __init__(
        self,
        login: Login,
        mtop: Mtop,
        ws_url: str,
        clock: Clock,
        time: PlatformClock,
        chance: Chance,
        times: WireTimes,
        proxy: str | None = None,
    ) -> None:
        self._login = login
        self._mtop = mtop
        self._ws_url = ws_url
        self._proxy = proxy
        self._clock = clock
        self._time = time
        self._chance = chance
        self._times = times
        self._line: Line | None = None
        self._refusals = 0
        self._again = asyncio.Event()

    @property
    def line(self) -> Line:
        """The registered socket."""
        self._login.check()
        if self._line is None:
            raise MarketDown("market_down", self._times.backoff_first_s, reason="not connected")
        return self._line

    def reconnect(self) -> None:
        """End the present connection or the present wait, and connect at once."""
        self._again.set()

    async def keep(self, listener: Listener) -> NoReturn:
        """Connect and connect again until cancelled."""
        backoff, shorts = Backoff(self._times, self._chance), Shorts(self._times)
        while True:
            await self._login.opened()
            self._again.clear()
            ended = await self._once(listener)
            if not ended.at_once:
                await self._wait(await self._rest_s(ended, backoff, shorts, listener))

    async def _over(self, ended: Ended, listener: Listener) -> None:
        account = self._login.account
        _log.info("account %s disconnected: %s", account, ended.reason)
        await listener.disconnected(account, ended.reason)
        if ended.stale:
            await self._login.take_token(None, None)

    async def _rest_s(self, ended: Ended, backoff: Backoff, shorts: Shorts, listener: Listener) -> float:
        """How long to wait for the next one; the owner is told of connections that end as soon as they are there."""
        wait_s = backoff.wait_s(ended.lived_s or 0.0)
        if ended.lived_s is None or not shorts.are_too_many(ended.lived_s, asyncio.get_running_loop().time()):
            return wait_s
        await listener.unstable(self._login.account, ended.reason)
        return self._times.short_rest_s

    async def _wait(self, wait_s: float) -> None:
        try:
            await asyncio.wait_for(self._again.wait(), wait_s)
        except TimeoutError:
            return

    async def _once(self, listener: Listener) -> Ended:
        """One connection from token to end. Its end is said before the goodbye, which a silent side drags out."""
        async with AsyncExitStack() as opened:
            ended = await self._until_ended(opened, listener)
            await self._over(ended, listener)
        return ended

    async def _until_ended(self, opened: AsyncExitStack, listener: Listener) -> Ended:
        loop, opened_s = asyncio.get_running_loop(), None
        try:
            token = self._login.link.token if self._is_fresh() else await self._fetch_token()
            cookies, me = self._login.link.cookies, self._login.user_id
            line = await open_line(self._ws_url, cookies, me, self._time, self._chance, self._times, self._proxy)
            opened.push_async_callback(line.close)
            opened_s = loop.time()
            await self._live(line, token or "", listener)
        except Ended as error:
            ended = error
        except ShopError as error:
            ended = Ended(f"{error.key} {error.facts.get('reason', '')}".strip())
        finally:
            self._line = None
        ended.lived_s = None if opened_s is None else loop.time() - opened_s
        return ended

    async def _live(self, line: Line, token: str, listener: Listener) -> NoReturn:
        async def arrived(records: list[MarketRecord]) -> None:
            await listener.arrived(self._login.account, records)

        await until_one_ends(line.read(), line.store(arrived), self._lead(line, token, listener), self._told_again())

    async def _lead(self, line: Line, token: str, listener: Listener) -> NoReturn:
        await self._register(line, token)
        await until_one_ends(self._beat(line), self._renew(), self._keep_alive(listener), self._serve(line, listener))

    async def _register(self, line: Line, token: str) -> None:
        headers = reg_headers(token, self._login.link.device_id)
        reply = await line.ask(REG, None, self._times.answer_s, headers=headers)
        if reply.get("code") == 200:
            self._refusals = 0
            return
        self._refusals += 1
        if self._refusals >= _MOST_REFUSALS:
            self._refusals = 0
            await self._login.shut(LoginExpired("login_expired", code="reg", reason=_reason(reply)))
        raise Ended(f"registration refused: {_reason(reply)}", stale=True)

    async def _serve(self, line: Line, listener: Listener) -> NoReturn:
        """Start the pushes, then open the line for requests; sync again whenever the platform says so."""
        await self._sync(line)
        await asyncio.sleep(self._times.settle_s)
        self._line = line
        self._login.settle()
        await listener.connected(self._login.account, self._login.user_id)
        while True:
            await line.sync_wanted.wait()
            line.sync_wanted.clear()
            await self._sync(line)

    async def _sync(self, line: Line) -> None:
        """Without the state asked for and acknowledged no pushes come (facts: sync start)."""
        reply = await line.ask(GET_STATE, state_body(), self._times.answer_s)
        body = reply.get("body")
        state = as_fields(body[0] if isinstance(body, list) and body else body)
        await line.ask(ACK_DIFF, ack_diff_body(state, to_ms(self._time.now())), self._times.answer_s)

    async def _beat(self, line: Line) -> NoReturn:
        """A heartbeat must be answered before the socket counts as dead."""
        patience_s = max(self._times.dead_s - self._times.heartbeat_s, 0.01)
        while True:
            await asyncio.sleep(self._times.heartbeat_s)
            try:
                await line.ask(HEARTBEAT, None, patience_s)
            except MarketDown as error:
                raise Ended("heartbeat not answered") from error

    async def _renew(self) -> NoReturn:
        while True:
            await asyncio.sleep(self._renewal_s())
            try:
                await self._fetch_token()
            except Transient as error:
                await asyncio.sleep(error.retry_after_s or self._times.backoff_last_s)
            except NeedsOwner:
                await self._login.opened()
            else:
                raise Ended("token renewed", at_once=True)

    async def _keep_alive(self, listener: Listener) -> NoReturn:
        """Look after the login now and then; what could not be asked is asked the next time."""
        while True:
            await asyncio.sleep(self._times.keep_alive_s * self._chance.between(0.9, 1.1))
            try:
                self._login.check()
                alive = await self._mtop.is_alive()
                if not alive:  # the calls have the last word: LoginExpired stops the account and is told
                    await self._mtop.call(LOGIN_USER, {})
            except (Transient, NeedsOwner):
                continue
            ends_at = self._login.link.ends_at
            await listener.login_checked(self._login.account, alive=alive, ends_at=ends_at)

    async def _told_again(self) -> NoReturn:
        await self._again.wait()
        raise Ended("told to reconnect", at_once=True)

    async def _fetch_token(self) -> str:
        asked: Fields = {"appKey": IM_APP_KEY, "deviceId": self._login.link.device_id}
        data = await self._mtop.call(LOGIN_TOKEN, asked)
        token = text_at(data, "accessToken")
        if token is None:
            raise MarketDown("market_down", reason="no token in the answer")
        await self._login.take_token(token, self._expiry(data))
        return token

    def _expiry(self, data: Fields) -> datetime:
        """`accessTokenExpiredTime` is a length in ms; an instant in ms is understood too; other numbers say nothing."""
        said = number_at(data, "accessTokenExpiredTime")
        if said is not None and said >= _ABSOLUTE_MS:
            at_ms = instant_ms_at(data, "accessTokenExpiredTime")
            return from_ms(at_ms) if at_ms is not None else self._clock.now() + _USUAL_LIFE
        return self._clock.now() + (timedelta(milliseconds=said) if said and said > 0 else _USUAL_LIFE)

    def _is_fresh(self) -> bool:
        link = self._login.link
        return link.token is not None and (link.token_expires_at is None or link.token_expires_at > self._clock.now())

    def _renewal_s(self) -> float:
        """Real seconds until the share `renew_at` of what is left of the token's life has passed."""
        expires_at = self._login.link.token_expires_at
        left = (expires_at - self._clock.now()) if expires_at else _USUAL_LIFE
        return self._clock.real_s(left.total_seconds() * self._times.renew_at)


def _reason(reply: Fields) -> str:
    return f"{reply.get('code')} {text_at(fields_at(reply, 'body'), 'reason') or ''}".strip()
