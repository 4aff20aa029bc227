"""From a path of the control API to what it does; refusals are 409, unknown things 404, bad wishes 400."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox.market import Refusal
from core.sandbox.things import Json

W = TypeVar("W", bound=BaseModel)
Act = Callable[[W], Json | Awaitable[Json]]


def json_answer(body: Json, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def get_route(path: str, answer: Callable[[], Json]) -> Route:
    """A question, answered by what `answer` gives."""

    async def handle(request: Request) -> Response:
        del request
        return json_answer(answer())

    return Route(path, handle, methods=["GET"])


def post_route(path: str, wish: type[W], act: Act[W]) -> Route:
    """A wish, checked and carried out by `act`."""

    async def handle(request: Request) -> Response:
        try:
            done = act(wish.model_validate_json(await request.body()))
            return json_answer(done if isinstance(done, dict) else await done)
        except ValidationError as error:
            return json_answer({"error": str(error)}, 400)
        except Refusal as refusal:
            return json_answer({"error": str(refusal)}, 409)
        except KeyError as missing:
            return json_answer({"error": f"there is no {missing}"}, 404)

    return Route(path, handle, methods=["POST"])
