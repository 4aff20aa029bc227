"""The page at `/`: the chat as its people see it, beside the buyers of the pretend marketplace."""

from pathlib import Path

import httpx2
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.serving import Json

FOLDER = Path(__file__).with_name("page")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
VERBS = ("buyers", "talk", "order", "pay", "cancel", "ask_refund", "withdraw_refund", "confirm", "rate")
LINES = 60


class Page:
    """Serves the page; `market` is the control address of a pretend marketplace, None for none."""

    def __init__(self, market: str | None) -> None:
        self._http = httpx2.AsyncClient(base_url=market, timeout=20) if market else None

    def routes(self) -> list[Route]:
        """The page, its parts, and the street behind it."""
        return [
            Route("/", self.index, methods=["GET"]),
            Route("/page/{name}", self.part, methods=["GET"]),
            Route("/market", self.street, methods=["GET"]),
            Route("/market/{verb}", self.act, methods=["POST"]),
        ]

    async def close(self) -> None:
        """Hang up."""
        if self._http is not None:
            await self._http.aclose()

    async def index(self, _: Request) -> Response:
        """The page itself."""
        return _static("index.html")

    async def part(self, request: Request) -> Response:
        """Its style and scripts."""
        return _static(request.path_params["name"])

    async def street(self, _: Request) -> Response:
        """Buyers, items, orders (newest first) and chats with their last lines; null without a marketplace."""
        if self._http is None:
            return Response(b"null", media_type="application/json")
        buyers, items, orders, chats = [await self._list(self._http, name) for name in _LISTS]
        shown = [{**_only(chat, _CHAT), "lines": _lines(chat)} for chat in chats]
        return _json(
            {
                "buyers": buyers,
                "items": [_only(item, _ITEM) for item in items],
                "orders": [_only(order, _ORDER) for order in reversed(orders)],
                "chats": shown,
            }
        )

    async def _list(self, http: httpx2.AsyncClient, name: str) -> list[Json]:
        found: list[Json] = (await http.get(f"/{name}")).json()[name]
        return found

    async def act(self, request: Request) -> Response:
        """One act of a buyer, carried to the marketplace's control address as it is."""
        verb = request.path_params["verb"]
        if self._http is None or verb not in VERBS:
            return _json({"error": "nobody can do that here"}, 404)
        answer = await self._http.post(f"/{verb}", content=await request.body())
        return Response(answer.content, answer.status_code, media_type="application/json")


_LISTS = ("buyers", "items", "orders", "chats")
_ITEM = ("item_id", "title", "price_fen")
_ORDER = ("order_id", "buyer_id", "item_id", "quantity", "amount_fen", "status", "refunding")
_CHAT = ("chat_id", "buyer_id", "item_id", "modified_ms")


def _only(thing: Json, names: tuple[str, ...]) -> Json:
    return {name: thing[name] for name in names}


def _lines(chat: Json) -> list[Json]:
    """The last lines as the buyer sees them: own ones, the seller's, and the platform's cards."""
    return [
        {
            "text": line["text"],
            "mine": line["sender_id"] == chat["buyer_id"] and line["user_typed"],
            "typed": line["user_typed"],
            "at_ms": line["created_ms"],
        }
        for line in chat["messages"][-LINES:]
    ]


def _static(name: str) -> Response:
    file = FOLDER / name
    if file.suffix not in KINDS or file.parent != FOLDER or not file.is_file():
        return _json({"error": "no such page"}, 404)
    return Response(file.read_bytes(), media_type=f"{KINDS[file.suffix]}; charset=utf-8", headers=HEADERS)


def _json(body: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
