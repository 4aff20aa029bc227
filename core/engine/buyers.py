"""Looking at buyers, and blocking them."""

import re
import unicodedata

from core.engine.chats import Chats
from core.engine.context import Shop
from core.engine.orders import Orders
from core.errors import NotFound, Refused
from core.moves import buyers as moves
from core.store import buyers
from core.values.buyers import BuyerView
from core.values.ids import BuyerId
from core.values.people import Actor

ORDERS_SHOWN = 5
TALKS_SHOWN = 4
LONGEST_NICK = 40


class Buyers:
    """Who buys here."""

    def __init__(self, shop: Shop, orders: Orders, chats: Chats) -> None:
        self._shop, self._orders, self._chats = shop, orders, chats
        self._reader = shop.store.people

    async def find(self, word: str) -> BuyerId:
        """A buyer by "b3", by a conversation ("c7"), an order ("#42"), or a part of the nick that only one has.

        Raises NotFound("no_such_buyer", and what there is no order or conversation of) and Refused("ambiguous_buyer").
        """
        plain = unicodedata.normalize("NFKC", word).strip()
        number = re.fullmatch(r"([bBcC])([0-9]{1,12})", plain)
        if number and number[1] in "bB":
            return (await buyers.read(self._reader, int(number[2]))).id
        found = await self._named(plain) if number is None else await self._of_chat(plain)
        if found is None:
            raise NotFound("no_such_buyer", buyer=word[:LONGEST_NICK])
        return found

    async def _named(self, plain: str) -> BuyerId | None:
        if re.fullmatch(r"#?[0-9]+", plain):
            buyer = (await self._orders.show(await self._orders.find(plain))).order.buyer
            return buyer.id if buyer is not None else None
        found = await buyers.list_named(self._reader, plain[:LONGEST_NICK]) if plain else ()
        if len(found) > 1:
            raise Refused("ambiguous_buyer", buyer=plain[:LONGEST_NICK])
        return found[0] if found else None

    async def _of_chat(self, plain: str) -> BuyerId | None:
        return (await self._chats.show(await self._chats.find(plain), limit=1)).buyer_id

    async def show(self, buyer_id: int) -> BuyerView:
        """A buyer with the figures, the newest orders and the conversations; NotFound("no_such_buyer")."""
        ids = await buyers.list_orders(self._reader, buyer_id, ORDERS_SHOWN)
        return BuyerView(
            buyer=await buyers.read(self._reader, buyer_id),
            dealings=await buyers.read_dealings(self._reader, buyer_id),
            orders=await self._orders.rows(ids),
            talks=await buyers.list_talks(self._reader, buyer_id, TALKS_SHOWN),
        )

    async def block(self, actor: Actor, buyer_id: int, reason: str | None) -> BuyerView:
        """Ask before anything ships to a buyer; None for the reason ends that. NotFound("no_such_buyer")."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.block(tx, cause, buyer_id, reason))
        return await self.show(buyer_id)
