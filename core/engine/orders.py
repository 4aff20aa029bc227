"""Looking at orders."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from core.engine.context import Shop
from core.errors import BadArgument, NotFound, Refused
from core.moves import pauses
from core.rules.shipping import ship_by_at
from core.store import approvals, fulfilments, lists, orders, refunds
from core.store import pauses as memory
from core.store import stock as shelf
from core.store.rows import at
from core.values.fulfilment import Fulfilment, FulfilmentState, ShipMode
from core.values.ids import AccountId, OrderId
from core.values.orders import Order, OrderState
from core.values.products import Product
from core.values.views import OrderPage, OrderRow, OrderView

HISTORY_SHOWN = 20
LONGEST_TEXT = 50
WAITS_FOR_TIME = (FulfilmentState.scheduled, FulfilmentState.manual)


class Orders:
    """Orders by number, in lists, and whole."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._reader = shop.store.people

    async def find(self, word: str) -> OrderId:
        """An order by "#42", "42", the platform's whole number, or at least its last four digits when only one ends so.

        Raises NotFound("no_such_order") and Refused("ambiguous_order").
        """
        plain = unicodedata.normalize("NFKC", word).strip()
        digits = plain.removeprefix("#").strip()
        if not re.fullmatch(r"[0-9]{1,40}", digits):
            raise NotFound("no_such_order", word=word)
        short = int(digits) if len(digits) <= 12 and not digits.startswith("0") else None
        marked = plain.startswith("#")
        ending = digits if len(digits) >= 4 and not marked else ""
        found = await lists.find_ids(self._reader, short, "" if marked else digits, ending)
        if not found:
            raise NotFound("no_such_order", word=word)
        if len(found) > 1:
            raise Refused("ambiguous_order", word=word)
        return found[0]

    async def list(
        self,
        filter: str = "all",
        text: str = "",
        before: OrderId | None = None,
        limit: int = 8,
        accounts: Sequence[AccountId] | None = None,
    ) -> OrderPage:
        """A page of orders, newest first, after the one before which the last page ended.

        `filter` is one of lists.FILTERS; `text` is part of a number, a buyer's nick or a title. The counts are of all
        open orders, whatever the filter. All accounts, or some.
        """
        if filter not in lists.FILTERS:
            raise BadArgument("bad_choice", field="filter", value=filter, allowed=", ".join(lists.FILTERS))
        wanted = lists.Wanted(filter, text[:LONGEST_TEXT], before, accounts)
        ids = await lists.list_ids(self._reader, wanted, limit + 1, self._day_began())
        rows = await self.rows(ids[:limit])
        return OrderPage(rows=rows, counts=await lists.counts(self._reader, accounts), more=len(ids) > limit)

    async def show(self, order_id: int) -> OrderView:
        """All about one order; NotFound("no_such_order")."""
        order = await orders.read(self._reader, order_id)
        task = await fulfilments.read(self._reader, order_id)
        return OrderView(
            version=await orders.view_version(self._reader, order_id),
            order=order,
            fulfilment=task,
            approval=await approvals.read(self._reader, order_id),
            product=await self._product(order),
            history=await lists.list_history(self._reader, order_id, HISTORY_SHOWN),
            waiting=await self._waiting(order, task),
            refund=await refunds.read(self._reader, order_id),
            evidence=await self._evidence(order_id),
            with_buyer=await shelf.read_with_buyer(self._reader, order_id),
            ship_by_at=self._ship_by_at(order, task),
            buyer_first=order.buyer is not None and order.buyer.paid_orders <= 1,
        )

    async def rows(self, ids: tuple[OrderId, ...]) -> tuple[OrderRow, ...]:
        """Some orders that are there, as lines of a list."""
        read = await lists.read_orders(self._reader, ids)
        tasks = await lists.read_fulfilments(self._reader, ids)
        return tuple(OrderRow(order=read[order_id], fulfilment=tasks.get(order_id)) for order_id in ids)

    def _day_began(self) -> datetime:
        local = self._shop.now().astimezone(self._shop.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    async def _product(self, order: Order) -> Product | None:
        product_id = order.lines[0].product_id if order.lines else None
        return await shelf.read_product(self._reader, product_id) if product_id else None

    async def _waiting(self, order: Order, task: Fulfilment | None) -> str | None:
        """Why a due shipment is not taken; a person's own shipment is held up by the emergency stop alone."""
        now = self._shop.now()
        if task is None or task.state not in WAITS_FOR_TIME or task.due_at is None or task.due_at > now:
            return None
        active = await memory.read_active(self._reader, now)
        if pauses.is_stopped(active):
            return "stopped"
        if not task.by_hand and pauses.is_paused(active, *await self._names(order), order.account_id):
            return "paused"
        return None if await lists.account_state(self._reader, order.id) == "online" else "account"

    def _ship_by_at(self, order: Order, task: Fulfilment | None) -> datetime | None:
        """When the platform wants a waiting parcel to be gone."""
        if task is None or order.state is not OrderState.pending_ship or task.mode is not ShipMode.physical:
            return None
        return ship_by_at(order.paid_at or task.created_at, self._shop.config.shipping)

    async def _names(self, order: Order) -> tuple[int | None, int | None]:
        """The product and the conversation a pause of which holds the order up."""
        chat = await self._reader.one("chats.by_no", account_id=order.account_id, chat_no=order.chat_no)
        return order.lines[0].product_id if order.lines else None, chat["id"] if chat else None

    async def _evidence(self, order_id: int) -> str:
        """What was tried, when, and what came back, for a send nobody knows the fate of."""
        rows = await self._reader.all("outbox.unknown_of_order", order_id=order_id)
        tried = ((row["kind"], at(row["tried_at"]), row["attempts"], row["error"] or "") for row in rows)
        return "\n".join(f"{kind} {self._clock(when)} ×{n} {error}".strip() for kind, when, n, error in tried)

    def _clock(self, when: datetime | None) -> str:
        return when.astimezone(self._shop.zone).strftime("%m-%d %H:%M:%S") if when else ""
