"""A small browser for the passport's pages: it keeps cookies and follows redirects, among trusted places alone."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from core.errors import MarketDown
from core.outside.http import Answer, Http
from core.outside.xianyu.cookies import ends_at, merge
from core.outside.xianyu.sign import ORIGIN, USER_AGENT

_MOST_HOPS = 5
_PLATFORM = "goofish.com"


class Jar:
    """The cookies of one login on its way. They go to the passport and to https pages of the platform, nowhere else."""

    def __init__(self, http: Http, home: str, now: datetime, cookies: str = "") -> None:
        self._http = http
        self._home = home.rstrip("/")
        self._now = now
        self.cookies = cookies
        self.ends_at: datetime | None = None
        """When the session's cookies said they end."""

    async def get(self, url: str, query: Mapping[str, str] | None = None) -> tuple[str, bytes]:
        """A page, redirects followed: where it was found, and its bytes. MarketDown when it leads elsewhere."""
        place, asked = urljoin(f"{self._home}/", url), dict(query or {})
        for _ in range(_MOST_HOPS):
            if not self._is_trusted(place):
                raise MarketDown("market_down", reason="a page of another place")
            answer = self._take(await self._http.get(place, query=asked, headers=self._headers()))
            if not answer.location:
                return place, answer.body
            place, asked = urljoin(place, answer.location), {}
        raise MarketDown("market_down", reason="sent round in circles")

    async def post(self, path: str, query: Mapping[str, str], form: Mapping[str, str]) -> bytes:
        """Post a form to the passport."""
        url, headers = self._home + path, self._headers()
        return self._take(await self._http.post(url, form=dict(form), query=dict(query), headers=headers)).body

    def _take(self, answer: Answer) -> Answer:
        self.cookies = merge(self.cookies, answer.set_cookies)
        self.ends_at = ends_at(answer.set_cookies, self._now) or self.ends_at
        return answer

    def _is_trusted(self, url: str) -> bool:
        there, home = urlsplit(url), urlsplit(self._home)
        host = there.hostname or ""
        ours = there.scheme == "https" and (host == _PLATFORM or host.endswith(f".{_PLATFORM}"))
        return ours or (there.scheme, there.netloc) == (home.scheme, home.netloc)

    def _headers(self) -> dict[str, str]:
        headers = {
            "user-agent": USER_AGENT,
            "accept": "application/json, text/plain, */*",
            "accept-language": "zh-CN,zh;q=0.9",
            "origin": self._home,
            "referer": f"{ORIGIN}/",
        }
        return {**headers, "cookie": self.cookies} if self.cookies else headers
