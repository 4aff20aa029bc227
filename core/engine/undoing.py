"""What of the last day's acts can still be taken back, and what cannot and why."""

from datetime import timedelta

from core.config.describe import shown_value
from core.config.live import is_live
from core.engine.chats import Chats
from core.engine.context import Shop
from core.engine.orders import Orders
from core.engine.pauses import Pauses
from core.errors import NotFound, Refused
from core.moves import take_back
from core.rules.undoing import RETURNED, SETSTOCK, check_product_act, field_of
from core.store import acts, buyers, keeps
from core.store import stock as shelf
from core.values.acts import Act, Sought, Undoable
from core.values.chats import ChatMode
from core.values.fulfilment import Fulfilment, FulfilmentState
from core.values.ids import ChatId, OrderId
from core.values.keeps import KeepState
from core.values.people import Actor
from core.values.views import OrderView

DAY = timedelta(days=1)
MOST_LOOKED_AT = 60
MOST_SHOWN = 12
SENDS = frozenset({"ship", "release", "approve", "retry"})
STOPS = frozenset({"hold", "reject"})
KEEPS = {"keep": KeepState.kept, "collect": KeepState.collected}
"""Acts that put units aside, or away, and what they left."""
FOR_GOOD = {
    "import": "keys_are_in",
    "void_keys": "keys_are_void",
    "say": "buyer_read",
    "settle": "settled",
    "revoke": "people",
}
"""Acts that nothing takes back, and why."""


class Undoing:
    """The newest act on each thing, and the command that takes it back."""

    def __init__(self, shop: Shop, orders: Orders, chats: Chats, pauses: Pauses) -> None:
        self._shop, self._orders, self._chats, self._pauses = shop, orders, chats, pauses

    async def list(self) -> tuple[Undoable, ...]:
        """The newest acts of the last 24 hours, each thing's last one; at most a dozen."""
        found: dict[tuple[str, int, str], Undoable] = {}
        for act in await self._newest():
            what = _thing_of(act)
            if what in found or len(found) == MOST_SHOWN:
                continue
            undoable = await self._look_at(act)
            if undoable is not None:
                found[what] = undoable
        return tuple(found.values())

    async def take_back(self, actor: Actor, act_id: int) -> int:
        """Undo a change of stock or of a product's setting, as a new act; the product's number.

        Raises NotFound("no_such_act") and Refused with why it cannot be.
        """
        cause, terms = self._shop.cause(actor), self._shop.terms
        return await self._shop.store.write(lambda tx: take_back.take_back(tx, cause, terms, act_id))

    async def _newest(self) -> tuple[Act, ...]:
        now = self._shop.now()
        span = Sought(since=now - DAY, until=now + timedelta(seconds=1))
        return await acts.list_acts(self._shop.store.people, span, acts.NEWEST, MOST_LOOKED_AT)

    async def _look_at(self, act: Act) -> Undoable | None:
        """How it stands with an act; None for one of which there is nothing to say."""
        if act.verb in FOR_GOOD:
            return Undoable(act=act, why_not=FOR_GOOD[act.verb])
        if act.verb in SENDS | STOPS | {RETURNED} and act.entity == "order":
            return await self._of_order(act)
        if act.verb == SETSTOCK or field_of(act.verb):
            return await self._of_product(act)
        if act.verb in KEEPS:
            return await self._of_keep(act)
        if act.verb in ("set", "reload") and act.entity == "setting":
            return self._of_setting(act)
        words = await self._words_of(act) if act.entity in ("pause", "mute", "chat", "buyer") else ""
        return Undoable(act=act, words=words) if words else None

    def _of_setting(self, act: Act) -> Undoable:
        """A setting goes back to what it was: to file and environment where they still say so, else by choosing it."""
        key, _, after = act.after.partition(" ")
        before, given = act.before.partition(" ")[2], shown_value(self._shop.settings.given, key)
        if not is_live(key):
            return Undoable(act=act, why_not="by_hand", owner_only=True)
        if shown_value(self._shop.config, key) != after:
            return Undoable(act=act, why_not="undo_changed_since", owner_only=True)
        words = f"set {key} {'default' if before in ('', given) else before}"
        return Undoable(act=act, words=words, owner_only=True)

    async def _of_order(self, act: Act) -> Undoable | None:
        view = await self._orders.show(OrderId(act.entity_id))
        if act.verb == RETURNED:
            return _of_return(act, view)
        task = view.fulfilment
        if task is None:
            return None
        if act.verb in STOPS:
            held = task.state is FulfilmentState.held
            return Undoable(act=act, words=f"release #{act.entity_id}") if held else None
        waits = task.state in (FulfilmentState.scheduled, FulfilmentState.manual)
        if waits and task.due_at is not None and task.due_at > self._shop.now():
            return Undoable(act=act, words=f"undo #{act.entity_id}", until_at=task.due_at)
        return Undoable(act=act, why_not=_gone(task)) if not waits else None

    async def _of_keep(self, act: Act) -> Undoable | None:
        """What is kept, or was collected, goes back on the shelf; of what is back there is nothing to say."""
        kept = await keeps.read(self._shop.store.people, act.entity_id)
        if kept.state is not KEEPS[act.verb]:
            return None
        until = kept.expires_at if kept.state is KeepState.kept else None
        return Undoable(act=act, words=f"put_back k{kept.id}", until_at=until)

    async def _of_product(self, act: Act) -> Undoable:
        try:
            product = await shelf.read_product(self._shop.store.people, act.entity_id)
            check_product_act(act.verb, act.after, act.before, product)
        except (Refused, NotFound) as error:
            return Undoable(act=act, why_not=error.key)
        return Undoable(act=act, words=f"undo r{act.id}", owner_only=True)

    async def _words_of(self, act: Act) -> str:
        """The command that takes back a pause, a mute, a takeover or a block; empty when it is over by itself."""
        if act.verb in ("pause", "stop_all"):
            on = {pause.id for pause in (await self._pauses.show()).pauses}
            resume = "resume_all" if act.verb == "stop_all" else f"resume_auto {act.entity_id}"
            return resume if act.entity_id in on else ""
        if act.verb == "mute":
            on = {row["id"] for row in await self._shop.store.people.all("telling.mutes")}
            return f"unmute {act.entity_id}" if act.entity_id in on else ""
        if act.verb == "takeover":
            chat = await self._chats.show(ChatId(act.entity_id), 1)
            return f"done c{chat.id}" if chat.mode == ChatMode.human else ""
        return await self._of_buyer(act) if act.verb in ("block", "unblock") else ""

    async def _of_buyer(self, act: Act) -> str:
        buyer = await buyers.read(self._shop.store.people, act.entity_id)
        if (buyer.blocked_reason is not None) != (act.verb == "block"):
            return ""
        return f"unblock b{buyer.id}" if act.verb == "block" else f"block b{buyer.id} {act.before}".strip()


def _of_return(act: Act, view: OrderView) -> Undoable:
    """Goods taken in go out again while so many are still on the shelf."""
    free = view.product.free if view.product is not None else 0
    if free < int(act.before) - int(act.after):
        return Undoable(act=act, why_not="undo_sold", owner_only=True)
    return Undoable(act=act, words=f"undo r{act.id}", owner_only=True)


def _gone(task: Fulfilment) -> str:
    """Why a send cannot be taken back: the buyer has it, or it is on its way."""
    if task.state is FulfilmentState.succeeded or task.text_sent:
        return "delivered"
    return "going_out" if task.state is FulfilmentState.executing else "moved_on"


def _thing_of(act: Act) -> tuple[str, int, str]:
    """What an act is about: of a product each setting is a thing of its own, and so is each setting of the shop."""
    if act.entity == "setting":
        return act.entity, 0, act.after.partition(" ")[0]
    return act.entity, act.entity_id, act.verb if act.entity == "product" else ""
