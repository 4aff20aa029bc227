"""The control API: people, groups and fate from another process, and what the page asks for."""

import asyncio
import base64
import contextlib
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

import orjson
from pydantic import ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults import Dial, UnknownDial
from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.groups import Groups
from bot.sandbox.telegram.people import NotPossible, People
from bot.sandbox.telegram.pictures import picture_type
from bot.sandbox.telegram.screen import Screen
from bot.sandbox.telegram.things import Message
from bot.sandbox.telegram.updates import Updates

MAX_WAIT_S = 50.0
PEOPLE = ("user", "start", "block", "unblock", "type", "edit", "press", "press_data", "react", "delete")
GROUPS = (
    "create", "set_bot", "set_member", "set_anonymous", "set_privacy", "rename", "topic", "close_topic",
    "delete_topic", "migrate", "other_bot_speaks",
)  # fmt: skip


class Control:
    """POST `/control/people/<verb>` and `/control/groups/<verb>` take a verb's arguments as a JSON object.

    Answers are JSON; what is not possible is 409, a bad wish 400.
    """

    def __init__(
        self, cloud: Cloud, updates: Updates, people: People, groups: Groups, screen: Screen, closing: asyncio.Event
    ) -> None:
        self._cloud = cloud
        self._updates = updates
        self._people = people
        self._groups = groups
        self._screen = screen
        self._closing = closing

    def routes(self) -> list[Route]:
        """The routes, to be mounted by the world."""
        verbs = {f"people/{verb}": getattr(self._people, verb) for verb in PEOPLE}
        verbs |= {f"groups/{verb}": getattr(self._groups, verb) for verb in GROUPS}
        verbs |= {"people/upload": self._upload, "faults": self._fault, "pacing": self._pacing, "inject": self._inject}
        return [
            *(self._verb(name, verb) for name, verb in verbs.items()),
            Route("/control/changes", self.changes, methods=["GET"]),
            Route("/control/file/{file_id}", self.file, methods=["GET"]),
            Route("/control/menu", self.menu, methods=["GET"]),
            Route("/control/state", self.state, methods=["GET"]),
            Route("/control/record", self.show_record, methods=["GET"]),
        ]

    def _verb(self, name: str, verb: Callable[..., Any]) -> Route:
        checked = validate_call(verb)

        async def handle(request: Request) -> Response:
            try:
                wish = orjson.loads(await request.body() or b"{}")
                return _json(self._shown(checked(**wish)))
            except (ValidationError, UnknownDial, TypeError, orjson.JSONDecodeError) as error:
                return _json({"error": str(error)}, 400)
            except NotPossible as refusal:
                return _json({"error": str(refusal)}, 409)
            except KeyError as missing:
                return _json({"error": f"there is no {missing}"}, 404)

        return Route(f"/control/{name}", handle, methods=["POST"])

    def _shown(self, thing: object) -> Json:
        if isinstance(thing, Message):
            return self._screen.shown(thing)
        if is_dataclass(thing) and not isinstance(thing, type):
            return asdict(thing)
        return thing if isinstance(thing, dict) else {}

    def _upload(self, user: int, chat: int, name: str, content: str, more: Json | None = None) -> Message:
        """`content` is base64."""
        return validate_call(self._people.upload)(user, chat, name, base64.b64decode(content), **(more or {}))

    def _fault(
        self,
        name: str,
        probability: float | None = None,
        times: int | None = None,
        on: str | None = None,
        by_s: float = 1.0,
    ) -> Json:
        self._cloud.faults.set(Dial(name, probability, times, on, by_s))
        return {"dials": [asdict(dial) for dial in self._cloud.faults.list()], "struck": self._cloud.faults.struck}

    def _pacing(self, *, on: bool) -> None:
        self._cloud.pace.is_on = on

    def _inject(self, update: Json) -> Json:
        return {"update_id": self._updates.inject(update)}

    async def changes(self, request: Request) -> Response:
        """What changed after `after`, all of it when that count is another world's; waits up to `wait_s`."""
        after = int(request.query_params.get("after", "0"))
        if after > self._cloud.version:
            after = 0
        wait_s = min(float(request.query_params.get("wait_s", "0")), MAX_WAIT_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while self._cloud.version <= after and not self._closing.is_set():
                    await self._cloud.changed.next.wait()
        return _json(self._screen.since(after))

    async def file(self, request: Request) -> Response:
        """The bytes of a file, by its file id."""
        file = self._cloud.files.get(request.path_params["file_id"])
        if file is None:
            return _json({"error": "there is no such file"}, 404)
        safe = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(file.data, media_type=picture_type(file.data) or "application/octet-stream", headers=safe)

    async def menu(self, request: Request) -> Response:
        """The commands `user` is offered in `chat`."""
        user, chat = (int(request.query_params.get(name, "0")) for name in ("user", "chat"))
        known = user in self._cloud.users and chat in self._cloud.chats
        return _json({"commands": self._screen.menu(user, chat) if known else []})

    async def state(self, _: Request) -> Response:
        """Who and what there is, and how the bot is to be configured."""
        cloud = self._cloud
        return _json(
            {
                "token": cloud.token,
                "bot": asdict(cloud.bot),
                "users": [asdict(user) for user in cloud.users.values()],
                "chats": [chat.id for chat in cloud.chats.values()],
                "waiting_updates": len(self._updates.waiting),
            }
        )

    async def show_record(self, _: Request) -> Response:
        """Everything that really happened."""
        return _json({"entries": self._cloud.record.entries})


def _json(body: Json, status: int = 200) -> Response:
    return Response(
        orjson.dumps(body, default=list, option=orjson.OPT_NON_STR_KEYS), status, media_type="application/json"
    )
