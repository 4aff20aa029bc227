"""A small client of the control API, to drive the pretend world from a test, a demo or another process."""

from typing import cast

import httpx2

from core.sandbox.things import Json


class ControlRefused(Exception):
    """The control API said no; carries its words."""


class ControlClient:
    """Plays buyers, the seller's hand and fate through the control address."""

    def __init__(self, address: str) -> None:
        self._http = httpx2.AsyncClient(base_url=address, timeout=120)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def get(self, path: str) -> Json:
        """Ask, such as `/state`, `/record`, `/orders`, `/chats`."""
        return _answer(await self._http.get(path))

    async def post(self, path: str, **wish: object) -> Json:
        """Wish something; fields that are None are left out."""
        return _answer(await self._http.post(path, json={k: v for k, v in wish.items() if v is not None}))

    async def account(self, name: str = "shop", *, merchant: bool = False, unb: str | None = None) -> Json:
        """A seller with its login `cookie`."""
        return await self.post("/accounts", name=name, merchant=merchant, unb=unb)

    async def item(self, title: str, price_fen: int, *, virtual: bool, account: str = "shop", **more: object) -> str:
        """Put an item on sale; its id."""
        item = await self.post("/items", account=account, title=title, price_fen=price_fen, virtual=virtual, **more)
        return str(item["item_id"])

    async def buyer(self, nick: str | None = None, buyer_id: str | None = None) -> str:
        """A buyer comes; the buyer's id."""
        return str((await self.post("/buyers", nick=nick, buyer_id=buyer_id))["buyer_id"])

    async def talk(self, buyer_id: str, item_id: str, text: str, account: str = "shop") -> Json:
        """A buyer types: `{chat_id, message_id, pnm_id}`."""
        return await self.post("/talk", account=account, buyer_id=buyer_id, item_id=item_id, text=text)

    async def order(
        self,
        buyer_id: str,
        item_id: str,
        *,
        account: str = "shop",
        quantity: int = 1,
        spec: str | None = None,
        amount_fen: int | None = None,
        bargain: bool = False,
        silent: bool = False,
    ) -> Json:
        """A buyer orders: `{order_id, chat_id, amount_fen}`."""
        wish = {"account": account, "buyer_id": buyer_id, "item_id": item_id, "quantity": quantity}
        return await self.post("/order", **wish, spec=spec, amount_fen=amount_fen, bargain=bargain, silent=silent)

    async def pay(self, order_id: str, show: str | None = None) -> Json:
        """A buyer pays."""
        return await self.post("/pay", order_id=order_id, show=show)

    async def act(self, what: str, order_id: str, **more: object) -> Json:
        """Any other act on an order: cancel, ask_refund, withdraw_refund, agree_refund, confirm,
        rate, sign, change_price, complete_bargain, ship_in_app.
        """
        return await self.post(f"/{what}", order_id=order_id, **more)

    async def type_by_hand(self, chat_id: str, text: str) -> Json:
        """The seller types in the app."""
        return await self.post("/type", chat_id=chat_id, text=text)

    async def fault(
        self,
        dial: str,
        *,
        probability: float | None = None,
        times: int | None = None,
        on: str | None = None,
        **more: object,
    ) -> Json:
        """Turn a dial: a probability, or the next so many `times`; `more` is `by_s` or `words`."""
        return await self.post("/faults", dial=dial, probability=probability, next=times, on=on, **more)

    async def record(self, kind: str | None = None) -> list[Json]:
        """What really happened, all or of one kind."""
        entries = cast("list[Json]", (await self.get("/record"))["entries"])
        return [entry for entry in entries if kind is None or entry["kind"] == kind]


def _answer(response: httpx2.Response) -> Json:
    answer = cast("Json", response.json())
    if response.status_code != 200:
        raise ControlRefused(str(answer.get("error", response.text)))
    return answer
