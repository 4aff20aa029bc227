"""A small client of the control API, to play people from a test, a demo or another process."""

import base64
import re
from typing import cast

import httpx2

from bot.sandbox.serving import Json


class ControlRefused(Exception):
    """The control API said no; carries its words."""


class ControlClient:
    """Everybody but the bot, through the world's address."""

    def __init__(self, address: str) -> None:
        self._http = httpx2.AsyncClient(base_url=f"{address}/control", timeout=120)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def get(self, path: str, **query: str | int | float) -> Json:
        """Ask: `state`, `changes`, `record`."""
        return _answer(await self._http.get(f"/{path}", params=query))

    async def post(self, path: str, **wish: object) -> Json:
        """Wish: `people/<verb>`, `groups/<verb>`, `faults`, `pacing`, `inject`."""
        return _answer(await self._http.post(f"/{path}", json=wish))

    async def user(self, name: str, **more: object) -> int:
        """Somebody with an account; the id."""
        return int((await self.post("people/user", name=name, **more))["id"])

    async def group(self, title: str, owner: int, **more: object) -> int:
        """A group with the bot in it; the id."""
        return int((await self.post("groups/create", title=title, owner=owner, **more))["id"])

    async def type(self, user: int, chat: int, text: str, **more: object) -> Json:
        """Send words; the message."""
        return await self.post("people/type", user=user, chat=chat, text=text, **more)

    async def press(self, user: int, chat: int, message: int, label: str) -> Json:
        """Press a button by its label; the press."""
        return await self.post("people/press", user=user, chat=chat, message=message, label=label)

    async def upload(self, user: int, chat: int, name: str, data: bytes, **more: object) -> Json:
        """Send a file; the message."""
        content = base64.b64encode(data).decode()
        return await self.post("people/upload", user=user, chat=chat, name=name, content=content, more=more)

    async def see(self, chat: int, pattern: str, wait_s: float = 10.0) -> Json:
        """Wait until the chat shows a message whose words match; the message."""
        after = 0
        while True:
            news = await self.get("changes", after=after, wait_s=wait_s if after else 0)
            for message in reversed(news["messages"]):
                words = message.get("text") or message.get("caption") or ""
                if message["chat"]["id"] == chat and not message["deleted"] and re.search(pattern, words):
                    return cast("Json", message)
            if after and news["version"] == after:
                raise TimeoutError(f"nobody saw {pattern!r} in {chat} for {wait_s:g} s")
            after = news["version"]


def _answer(response: httpx2.Response) -> Json:
    answer = cast("Json", response.json())
    if response.status_code != 200:
        raise ControlRefused(str(answer.get("error", response.text)))
    return answer
