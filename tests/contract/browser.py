"""A browser before the pretend passport: it keeps cookies and form, as whoever logs in by code must."""

import re
from contextlib import asynccontextmanager

import httpx2
import orjson

PAGE = {"lang": "zh_cn", "appName": "xianyu", "appEntrance": "web", "stie": "77"}
SITE = {"appName": "xianyu", "fromSite": "77"}


class Browser:
    """A browser that keeps its cookies."""

    def __init__(self, http, control):
        self.http = http
        self.control = control
        self.form = {}
        self.code = {}

    async def opens(self):
        page = (await self.http.get("/mini_login.htm", params=PAGE)).text
        self.form = orjson.loads(re.search(r"viewData = (\{.*\});", page)[1])["loginFormData"]

    async def asks(self, **changed):
        answer = await self.http.get("/newlogin/qrcode/generate.do", params={**self.form, **changed})
        self.code = answer.json()["content"]["data"]
        return answer.json()["content"]["success"]

    async def looks(self, **changed):
        form = {**self.form, "t": self.code["t"], "ck": self.code["ck"], **changed}
        answer = await self.http.post("/newlogin/qrcode/query.do", params=SITE, data=form)
        return answer.json()["content"]["data"]

    @classmethod
    @asynccontextmanager
    async def on(cls, world):
        """One that has its first code."""
        async with httpx2.AsyncClient(base_url=world.addresses["passport"]) as http:
            browser = cls(http, world.control)
            await browser.opens()
            assert await browser.asks()
            yield browser
