"""The pretend WeCom's control address: another process types, clicks, looks and turns dials with it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.sandbox.wecom.api import AppWorld
from bot.sandbox.wecom.gateway import Gateway
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.people import People
from bot.sandbox.wecom.robot_url import CallbackRobot
from bot.sandbox.wecom.things import Json

Act = Callable[[Json], Awaitable[Json]]


class Control:
    """The acts (`POST`) and questions (`GET state|record|messages/CHAT`) of the control, all JSON, below `/wecom/`."""

    def __init__(
        self,
        office: Office,
        people: People,
        gateway: Gateway,
        app: AppWorld,
        robot: CallbackRobot,
        bot_id: str,
        secret: str,
    ) -> None:
        self._office = office
        self._people = people
        self._gateway = gateway
        self._app = app
        self._robot = robot
        self._bot = {"bot_id": bot_id, "secret": secret}

    def routes(self) -> list[Route]:
        """To be mounted by the world."""
        acts: dict[str, Act] = {
            "group": self.add_group,
            "type": self.type,
            "click": self.click,
            "enter": self.enter,
            "faults": self.set_dial,
            "app/url": self.set_url,
            "app/type": self.type_to_app,
            "app/click": self.click_in_app,
            "robot/url": self.set_robot_url,
            "robot/type": self.type_to_robot,
            "robot/click": self.click_on_robot,
        }
        return [
            *(Route(f"/wecom/{name}", _post(act), methods=["POST"]) for name, act in acts.items()),
            Route("/wecom/state", self.show_state),
            Route("/wecom/record", self.show_record),
            Route("/wecom/messages/{chat}", self.show_messages),
        ]

    async def add_group(self, wish: Json) -> Json:
        """A group with the robot in it: `{chat_id?}`."""
        return {"chat_id": self._office.add_group(**wish)}

    async def type(self, wish: Json) -> Json:
        """Somebody writes: `{chat_id, user_id, words, mention?, quote?}`."""
        return {"heard": await self._people.type(**wish)}

    async def click(self, wish: Json) -> Json:
        """Somebody presses a button: `{task_id, key, user_id}`."""
        return {"heard": await self._people.click(**wish)}

    async def enter(self, wish: Json) -> Json:
        """Somebody opens the private chat: `{user_id}`."""
        return {"heard": await self._people.enter(**wish)}

    async def set_url(self, wish: Json) -> Json:
        """Save the app's callback URL, which is checked at once: `{url}`."""
        self._app.url = str(wish["url"])
        status, words = await self._app.check_url()
        return {"status": status, "answer": words}

    async def type_to_app(self, wish: Json) -> Json:
        """Somebody writes to the app: `{user_id, words}`."""
        return {"status": await self._app.type(**wish)}

    async def click_in_app(self, wish: Json) -> Json:
        """Somebody presses a button of the app's: `{task_id, key, user_id}`."""
        return {"status": await self._app.click(**wish)}

    async def set_robot_url(self, wish: Json) -> Json:
        """Save the callback URL of the robot in URL mode, which is checked at once: `{url}`."""
        self._robot.url = str(wish["url"])
        status, words = await self._robot.check_url()
        return {"status": status, "answer": words}

    async def type_to_robot(self, wish: Json) -> Json:
        """Somebody writes to the robot in URL mode: `{chat_id, user_id, words}`."""
        return {"status": await self._robot.type(**wish)}

    async def click_on_robot(self, wish: Json) -> Json:
        """Somebody presses a button of its: `{task_id, key, user_id}`."""
        return {"status": await self._robot.click(**wish)}

    async def set_dial(self, wish: Json) -> Json:
        """Turn a dial: `{dial, times?, on?, by_s?}`."""
        self._office.fault(**wish)
        return {"struck": self._office.faults.struck}

    async def show_state(self, _: Request) -> JSONResponse:
        """The robot's credentials, whether it is connected, the chats and the cards that stand."""
        line = self._gateway.line(self._bot["bot_id"])
        cards = [asdict(card) for card in self._office.cards.values()]
        chats = [asdict(chat) for chat in self._office.chats.values()]
        return JSONResponse({**self._bot, "connected": line is not None, "chats": chats, "cards": cards})

    async def show_record(self, _: Request) -> JSONResponse:
        """Everything that happened."""
        return JSONResponse({"entries": self._office.record.entries})

    async def show_messages(self, request: Request) -> JSONResponse:
        """What a robot put into a chat."""
        return JSONResponse({"messages": self._people.messages(request.path_params["chat"])})


def _post(act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await act(json.loads(await request.body())))
        except (LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return answer
