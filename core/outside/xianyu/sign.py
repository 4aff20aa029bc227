"""Signing a call of the web API (facts: access token): md5 over the cookie's token, time, app key and data."""

from datetime import datetime
from hashlib import md5
from typing import NamedTuple

from core.clock import to_ms
from core.outside.xianyu.cookies import cookies_of

APP_KEY = "34839810"
TOKEN_COOKIE = "_m_h5_tk"  # noqa: S105 - the cookie's name
ORIGIN = "https://www.goofish.com"
USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36"
)


class Api(NamedTuple):
    """One call of the web API: its name, version, and what it wants beside the usual."""

    name: str
    version: str = "1.0"
    effect: bool = False
    origin: str = ORIGIN
    referer: str = f"{ORIGIN}/"
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """Where it is called."""
        return f"/h5/{self.name}/{self.version}/"


def sign(cookies: str, t: str, data: str) -> str:
    """The signature; `data` must be, byte for byte, what is posted."""
    token = cookies_of(cookies).get(TOKEN_COOKIE, "").partition("_")[0]
    return md5(f"{token}&{t}&{APP_KEY}&{data}".encode(), usedforsecurity=False).hexdigest()


def query_for(api: Api, cookies: str, now: datetime, data: str) -> dict[str, str]:
    """The query string of a signed call."""
    t = str(to_ms(now))
    return {
        "jsv": "2.7.2",
        "appKey": APP_KEY,
        "t": t,
        "sign": sign(cookies, t, data),
        "v": api.version,
        "type": "originaljson",
        "accountSite": "xianyu",
        "dataType": "json",
        "timeout": "20000",
        "api": api.name,
        "sessionOption": "AutoLoginOnly",
        **dict(api.query),
    }


def headers_for(api: Api, cookies: str) -> dict[str, str]:
    """The headers of a call, as the web page sends them."""
    return {
        "cookie": cookies,
        "origin": api.origin,
        "referer": api.referer,
        "user-agent": USER_AGENT,
        "accept": "application/json",
        "accept-language": "zh-CN,zh;q=0.9",
        **dict(api.headers),
    }
