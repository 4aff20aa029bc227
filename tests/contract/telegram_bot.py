"""A plain HTTP client that knows the Bot API from its documents only, and a shop's chat to try it in."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from bot.sandbox.telegram import Status, TelegramWorld


class Said(Exception):
    """The Bot API refused; `code`, `words` and `parameters` as it said them."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer)
        self.code = answer["error_code"]
        self.words = answer["description"]
        self.parameters = answer.get("parameters", {})


class Bot:
    """Calls methods with JSON, or with a form when there are files."""

    def __init__(self, api_url: str, token: str) -> None:
        self.http = httpx2.AsyncClient(base_url=f"{api_url}/bot{token}/", timeout=20)
        self.offset = 0

    async def __call__(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> Any:
        sent = {"data": params, "files": files} if files else {"json": params}
        answer = (await self.http.post(method, **sent)).json()
        if not answer["ok"]:
            raise Said(answer)
        return answer["result"]

    async def refuses(self, method: str, **params: Any) -> Said:
        """The refusal of a call that must be refused."""
        try:
            result = await self(method, **params)
        except Said as said:
            return said
        raise AssertionError(f"{method} was not refused, but answered {result}")

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """What is new, acknowledging what came before."""
        found = await self("getUpdates", offset=self.offset, **params)
        if found:
            self.offset = found[-1]["update_id"] + 1
        return found

    async def hears(self) -> list[str]:
        """The texts of new messages."""
        found = [one["message"] for one in await self.updates() if "message" in one]
        return [message["text"] for message in found if "text" in message]


class Counter:
    """An owner, an operator, a forum group with the bot as admin."""

    def __init__(self, world: TelegramWorld, bot: Bot, *, forum: bool = True, status: Status = Status.administrator):
        self.world, self.bot = world, bot
        self.owner = world.people.user("老板", username="boss").id
        self.clerk = world.people.user("小二", language="en").id
        group = world.groups.create("店", self.owner, members=[self.clerk], forum=forum, bot=status)
        self.group = group.id

    def buttons(self, *rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {"inline_keyboard": list(rows)}

    async def polled(self, times: int) -> None:
        """Until that many polls have begun."""
        async with asyncio.timeout(5):
            while self.world.updates.polls < times:  # noqa: ASYNC110 - a poll that begins rings no bell of ours
                await asyncio.sleep(0)

    async def says(self, text: str = "你好", **more: Any) -> dict[str, Any]:
        return await self.bot("sendMessage", chat_id=self.group, text=text, **more)


@asynccontextmanager
async def counter(*, forum: bool = True, status: Status = Status.administrator, **world: Any) -> AsyncIterator[Counter]:
    """A counter whose bot has heard of joining the group already."""
    async with TelegramWorld.open(**world) as telegram:
        bot = Bot(telegram.api_url, telegram.token)
        try:
            place = Counter(telegram, bot, forum=forum, status=status)
            await bot.updates()
            yield place
        finally:
            await bot.http.aclose()


def png(width: int, height: int) -> bytes:
    """A grey picture of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x99" * width) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
