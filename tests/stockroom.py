"""A small shop's file for tests: an account, products, orders that live their life through the real moves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock import SeededChance, to_ms
from core.config import Config
from core.moves import chats, items, keeps, keys, records, refunds, shipping, stock
from core.moves.apply import apply
from core.moves.cause import Cause
from core.moves.step import FulfilmentStep, OrderStep
from core.moves.terms import Terms
from core.rules.fulfilment import FulfilmentEvent
from core.rules.orders import OrderEvent
from core.store import outbox
from core.store.db import SqlValue, Tx
from core.store.stock import find_product
from core.values.ids import ChatNo, ItemId, OrderNo, ProductId, RefundNo, UserId
from core.values.keeps import Want
from core.values.market import EventKind, MarketEvent
from core.values.money import Fen
from core.values.orders import OrderRecord, PlatformStatus, RefundRecord, RefuseReason
from core.values.people import SHOP, Actor

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
TERMS = Terms.of(Config(), SeededChance(1))
OWNER = Actor(who="terminal:owner", name="老板", chat="terminal", request="r1")


def cause(minutes: float = 0, actor: Actor = SHOP) -> Cause:
    """Why something changes, some minutes after noon in Shanghai."""
    return Cause(actor, NOW + timedelta(minutes=minutes), ZONE)


def owner(request: str) -> Actor:
    """The owner, by a request of this name."""
    return OWNER.model_copy(update={"request": request})


def open_account(tx: Tx, name: str = "小店", shop: str = "main") -> int:
    """An account that was online before every order."""
    early = to_ms(NOW - timedelta(days=1))
    tx.run("accounts.keep", name=name, shop=shop, platform="xianyu", now=early)
    row = tx.one("accounts.find", name=name)
    assert row is not None
    user = f"{2200000000000 + row['id']}"
    tx.run("accounts.connected", id=row["id"], user_id=user, now=early, platform_now=early)
    return int(row["id"])


def add_product(tx: Tx, account_id: int, item: str, **settings: str) -> int:
    """A product of an item, with settings as the owner types them."""
    product = items.product_for(tx, cause(), account_id, item, "", f"商品 {item}", 5000)
    for n, (field, value) in enumerate(settings.items()):
        items.change(tx, cause(actor=owner(f"{item}-{field}-{n}")), product.id, field, value)
    return product.id


def stock_up(tx: Tx, product_id: int, free: int) -> None:
    """So many units are free."""
    stock.set_free(tx, cause(), product_id, free)


def keep(tx: Tx, product_id: int, quantity: int, minutes: float = 15, note: str = "") -> int:
    """Units are kept for somebody; of a product nobody counted there are ten."""
    if not find_product(tx, product_id).counted:
        stock_up(tx, product_id, 10)
    want = Want(product_id=ProductId(product_id), quantity=quantity)
    told = cause(actor=owner(f"keep-{product_id}-{quantity}-{minutes}"))
    return keeps.keep(tx, told, [want], NOW + timedelta(minutes=minutes), note)


def key_up(tx: Tx, product_id: int, names: Sequence[str]) -> None:
    """Keys of these names are free."""
    keys.add_keys(tx, cause(), product_id, names)


def record(n: int, item: str, status: PlatformStatus = PlatformStatus.pending_ship, quantity: int = 1) -> OrderRecord:
    """The platform's record of order number n."""
    paid = status is not PlatformStatus.pending_payment
    return OrderRecord(
        order_no=OrderNo(f"{3000000000000000000 + n}"),
        status=status,
        paid=paid,
        shipped=status in (PlatformStatus.shipped, PlatformStatus.completed),
        can_ship=status is PlatformStatus.pending_ship,
        item_id=ItemId(item),
        buyer_user_id=UserId(f"{2200000001000 + n}"),
        buyer_nick=f"买家{n}",
        title=f"商品 {item}",
        quantity=quantity,
        unit_price_fen=Fen(5000),
        amount_fen=Fen(5000 * quantity),
        ordered_at=NOW - timedelta(minutes=2),
        paid_at=NOW - timedelta(minutes=1) if paid else None,
        chat_no=None,
    )


def learn(tx: Tx, account_id: int, told: OrderRecord, minutes: float = 0) -> int:
    """The platform's record reaches the shop; the order's short number."""
    order_id = records.learn(tx, cause(minutes), TERMS, account_id, told)
    assert order_id is not None
    return order_id


def begin(tx: Tx, order_id: int, minutes: float = 0) -> None:
    """The shipment falls due."""
    apply(tx, cause(minutes), TERMS, FulfilmentStep(order_id, FulfilmentEvent.due))


def ship(tx: Tx, order_id: int, told: OrderRecord, minutes: float = 0) -> None:
    """The shipment falls due and goes through: read, text, ship call."""
    begin(tx, order_id, minutes)
    for kind in ("confirm", "deliver", "consign"):
        do_effect(tx, order_id, kind, told, minutes)


def do_effect(tx: Tx, order_id: int, kind: str, told: OrderRecord, minutes: float = 0) -> None:
    """Claim an effect of an order and let it succeed."""
    rows = [row for row in tx.all("outbox.live_of_order", order_id=order_id) if row["kind"] == kind]
    for row in rows:
        claim(tx, row["id"])
        effect = outbox.find(tx, row["id"])
        assert effect is not None
        if kind == "confirm":
            shipping.confirmed(tx, cause(minutes), TERMS, effect, told)
        elif kind == "deliver":
            shipping.delivered(tx, cause(minutes), effect, f"m{row['id']}")
        else:
            shipping.consigned(tx, cause(minutes), TERMS, effect)


def claim(tx: Tx, outbox_id: int) -> None:
    """Take an effect before doing it."""
    now_ms = to_ms(NOW)
    taken: dict[str, SqlValue] = {
        "id": outbox_id,
        "state": "waiting",
        "trying": True,
        "run": "test",
        "lease_until": now_ms,
        "now": now_ms,
    }
    assert tx.one("outbox.claim", **taken)


def say(tx: Tx, account_id: int, n: int, words: str) -> None:
    """Buyer number n speaks, in a conversation of that number."""
    event = MarketEvent(
        event=EventKind.chat_text,
        chat_id=ChatNo(f"chat-{n}"),
        sender_id=UserId(f"{2200000001000 + n}"),
        sender_nick=f"买家{n}",
        buyer_id=UserId(f"{2200000001000 + n}"),
        text=words,
        pnm_id=f"said-{n}-{words}",
    )
    chats.hear(tx, cause(), TERMS, account_id, event, 0)


def ask_refund(tx: Tx, order_id: int, minutes: float = 0) -> None:
    """The buyer wants the money back, and the platform tells with which reasons that may be refused."""
    apply(tx, cause(minutes), TERMS, OrderStep(order_id, OrderEvent.ask_refund))
    (row,) = [row for row in tx.all("outbox.live_of_order", order_id=order_id) if row["kind"] == "look_up_refund"]
    claim(tx, row["id"])
    effect = outbox.find(tx, row["id"])
    assert effect is not None
    choices = (RefuseReason(id="101", words="已经发货"), RefuseReason(id="102", words="与描述一致"))
    told = RefundRecord(
        refund_no=RefundNo("28031"), amount_fen=Fen(5000), reason="不想要了", refusable=True, choices=choices
    )
    refunds.learn(tx, cause(minutes), effect, told)
