"""HTTP to foreign services: one small client that says plainly whether a request can have had an effect.

Cookies are the caller's: nothing is remembered between calls, no redirect is followed, nothing is sent twice.
"""

import ssl
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2

from core.errors import Busy, MarketDown, Unknown

_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
)
_IDLE_S = 4.0
"""A kept connection is left before servers usually cut it: a cut under a write would look like a lost answer."""


class Answer(NamedTuple):
    """What a server said: status, body, and its Set-Cookie lines as they came."""

    status: int
    body: bytes
    set_cookies: tuple[str, ...]
    location: str = ""
    """Where a redirect points, as it was written."""
    at: datetime | None = None
    """The server's time by its Date header, if it has one that can be read."""


class Http:
    """Posts forms. Raises MarketDown (nothing happened), Busy (429), and Unknown for an effect without an answer."""

    def __init__(self, timeout_s: float, address: str, proxy: str | None = None) -> None:
        """Without a `proxy` of its own that of the environment counts, but never for this machine."""
        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx2.AsyncClient(
            timeout=timeout_s,
            cookies=nothing_kept,
            verify=tls(),
            proxy=proxy,
            trust_env=proxy is None and not is_loopback(address),
            limits=httpx2.Limits(keepalive_expiry=_IDLE_S),
        )

    async def post(
        self, url: str, *, form: dict[str, str], query: dict[str, str], headers: dict[str, str], effect: bool = False
    ) -> Answer:
        """Send one form and read the answer. `effect` says that the call changes something over there."""
        return await self._send("POST", url, query, headers, form=form, effect=effect)

    async def get(self, url: str, *, query: dict[str, str], headers: dict[str, str]) -> Answer:
        """Read a page; a redirect is an answer too, for the caller to follow or not."""
        return await self._send("GET", url, query, headers)

    async def _send(
        self,
        method: str,
        url: str,
        query: dict[str, str],
        headers: dict[str, str],
        *,
        form: dict[str, str] | None = None,
        effect: bool = False,
    ) -> Answer:
        try:
            answer = await self._client.request(method, url, params=query or None, data=form, headers=headers)
        except _NOT_SENT as error:
            raise MarketDown("market_down", reason=type(error).__name__) from error
        except httpx2.HTTPError as error:
            raise lost(effect, type(error).__name__) from error
        return _read(answer, effect=effect, redirects=method == "GET")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def _read(answer: httpx2.Response, *, effect: bool, redirects: bool) -> Answer:
    if answer.status_code >= 500:
        raise lost(effect, f"HTTP {answer.status_code}")
    if answer.status_code == 429:
        raise Busy("market_busy", wished_wait_s(answer.headers))
    location = answer.headers.get("location", "")
    if answer.status_code >= 300 and not (redirects and location):
        raise MarketDown("market_down", reason=f"HTTP {answer.status_code}")
    return Answer(answer.status_code, answer.content, _cookies(answer), location, _date(answer))


def _cookies(answer: httpx2.Response) -> tuple[str, ...]:
    return tuple(answer.headers.get_list("set-cookie"))


def _date(answer: httpx2.Response) -> datetime | None:
    """A date without a zone (`-0000`) is of no use."""
    try:
        at = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def lost(effect: bool, reason: str) -> MarketDown | Unknown:
    """What a missing answer means: a question can be asked again, an effect may have happened (law 3)."""
    return Unknown("market_unknown", reason=reason) if effect else MarketDown("market_down", reason=reason)


def is_loopback(address: str) -> bool:
    """True for this machine: such a call never goes through a proxy of the environment."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: loading the authorities costs time and memory each time."""
    return ssl.create_default_context()


def wished_wait_s(headers: Mapping[str, str]) -> float | None:
    """The seconds the other side wants to be left alone for (`Retry-After`); None when it gave no such number."""
    wished = headers.get("retry-after", "")
    return float(wished) if wished.isascii() and wished.isdigit() else None
