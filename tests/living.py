"""A file in which a bit of everything happened, healthy by construction: what the standing check must find right."""

from datetime import timedelta

from core.moves import answers, chats, decisions, outbox, shipping
from core.moves.apply import apply
from core.moves.daily import Count
from core.moves.step import OrderStep
from core.rules.orders import OrderEvent
from core.store import chats as talk
from core.store import health
from core.store import outbox as effects
from core.store.db import Tx
from core.values.effects import EffectState
from core.values.fulfilment import ErrorClass
from core.values.ids import ChatNo, UserId
from core.values.market import EventKind, MarketEvent
from core.values.orders import PlatformStatus
from core.values.vitals import Vitals
from tests import stockroom as room

ALIVE_MINUTES = 1.0
SHIPPED, PLANNED, EXECUTING, DOUBTFUL, ASKED, APPROVED, MANUAL, CANCELLED, REFUNDING, UNPAID = range(1, 11)
"""The short numbers of the orders, by what became of them."""


def live(tx: Tx) -> None:
    """Ten orders, two conversations' worth of words, and a sign of life a minute later."""
    account = room.open_account(tx)
    keyed = room.add_product(tx, account, "i1", text="给你 {keys}", auto_ship="on")
    room.key_up(tx, keyed, [f"KEY-{n:04}" for n in range(6)])
    counted = room.add_product(tx, account, "i2", text="给你", auto_ship="on")
    room.stock_up(tx, counted, 40)
    items = ["i1", "i1", "i1", "i2", "i2", "i2", "i4", "i2", "i2", "i2"]
    for n, item in enumerate(items, start=1):
        quantity = 11 if n in (ASKED, APPROVED) else 1
        status = PlatformStatus.pending_payment if n == UNPAID else PlatformStatus.pending_ship
        assert room.learn(tx, account, room.record(n, item, status, quantity)) == n
    room.keep(tx, counted, 2)
    _move_on(tx)
    _talk(tx, account)
    alive_at = room.NOW + timedelta(minutes=ALIVE_MINUTES)
    health.beat(tx, alive_at, room.NOW - timedelta(hours=1), 1, "0.1.0", Vitals())


def _move_on(tx: Tx) -> None:
    room.ship(tx, SHIPPED, room.record(SHIPPED, "i1"))
    room.begin(tx, EXECUTING)
    _doubt(tx)
    decisions.approve(tx, room.cause(actor=room.owner("yes")), room.TERMS, APPROVED, None)
    apply(tx, room.cause(), room.TERMS, OrderStep(CANCELLED, OrderEvent.cancel))
    apply(tx, room.cause(), room.TERMS, OrderStep(REFUNDING, OrderEvent.ask_refund))


def _doubt(tx: Tx) -> None:
    room.begin(tx, DOUBTFUL)
    room.do_effect(tx, DOUBTFUL, "confirm", room.record(DOUBTFUL, "i2"))
    text = next(row for row in tx.all("outbox.live_of_order", order_id=DOUBTFUL) if row["kind"] == "deliver")
    room.claim(tx, text["id"])
    outbox.finish(tx, room.cause(), text["id"], EffectState.unknown, error_class=ErrorClass.unknown, error="no answer")
    shipping.doubt(tx, room.cause(), room.TERMS, DOUBTFUL, "no answer")


def _talk(tx: Tx, account: int) -> None:
    """A buyer asks twice and is answered once."""
    for n in (1, 2):
        event = MarketEvent(
            event=EventKind.chat_text,
            chat_id=ChatNo("c1"),
            buyer_id=UserId("2200000001001"),
            sender_id=UserId("2200000001001"),
            text=f"在吗 {n}",
            pnm_id=f"p{n}",
            ts_ms=room.cause().now_ms + n,
        )
        chats.hear(tx, room.cause(), room.TERMS, account, event, 0)
    chat = talk.find(tx, 1)
    answers.answer(tx, room.cause(), chat, 2, "在的", room.NOW, Count.answers_by_rule, bargained=False)
    none = {"kept": "[]", "full": "[]", "resting": "[]"}
    row = tx.all("outbox.due_acts", words=True, now=room.cause(1).now_ms, most=100, **none)[0]
    room.claim(tx, row["id"])
    effect = effects.find(tx, row["id"])
    assert effect is not None
    answers.accepted(tx, room.cause(), effect, "m-answer")
