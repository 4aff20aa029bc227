"""What a soaked day promises, held against the pretend world's own record, the shop's file and what its owner saw."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from pydantic import BaseModel, ConfigDict

from bot.demo.promises import CONTACT, KEY
from bot.demo.soak.evidence import Evidence
from core.sandbox.things import CLOSED, COMPLETED, PENDING_PAYMENT, PENDING_SHIP, REFUNDED, SHIPPED, Json, Order
from core.values.fulfilment import FulfilmentState as F
from core.values.orders import OrderState as S
from core.values.views import OrderView

STATES = {
    PENDING_PAYMENT: S.pending_payment,
    PENDING_SHIP: S.pending_ship,
    SHIPPED: S.shipped,
    COMPLETED: S.completed,
    CLOSED: S.cancelled,
    REFUNDED: S.cancelled,
}
TOLD_BY: dict[F, frozenset[str]] = {
    F.manual: frozenset({"order_manual", "order_unconfigured", "manual_reminder", "manual_escalated", "first_connect"}),
    F.awaiting_approval: frozenset({"order_risky", "order_back_from_refund"}),
    F.held: frozenset({"order_risky", "approval_expired", "order_refunding", "order_back_from_refund"}),
    F.failed: frozenset({"order_failed"}),
    F.unknown: frozenset({"order_unknown"}),
    F.short: frozenset({"order_short"}),
}
"""A paid order that was not shipped stands in one of these, and its owner was shown one of those."""
SHOWN = 8
LATE_S = 7200
"""A minute of real time; what was planned in the moment of the shop's end waits for its next start."""
SPOKEN = ("sent", "typed")
OWN_WAYS = ("dummy", "offline")
"""How the shop ships; what a person shipped in the app may have come from elsewhere."""
FLOOD = "flood"
OF_CHATS = ("chat_handed_over", "answer_refused", "guard_blocked", "answer_unknown")
"""Notices that name a chat; a flood of them is one card without names."""


class Broken(BaseModel):
    """A promise that was not kept: which, what was seen, and how it came to that."""

    model_config = ConfigDict(frozen=True)

    promise: str
    seen: str
    history: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join((f"✗ {self.promise}: {self.seen}", *(f"    {line}" for line in self.history)))


def is_delivery(text: str) -> bool:
    """Whether a text delivers goods: all of the soak's say so."""
    return KEY.search(text) is not None or "教程说明在此" in text or "海报已为您准备好" in text


def find_broken(seen: Evidence) -> list[Broken]:
    """Every promise that was not kept, the most telling first."""
    return list(
        chain(
            _of_law_and_order(seen),
            _of_orders(seen),
            _of_shelves(seen),
            _of_texts(seen),
            _of_messages(seen),
            _of_acts(seen),
            _of_alerts(seen),
        )
    )


def _of_law_and_order(seen: Evidence) -> Iterator[Broken]:
    for finding in seen.verdict.findings:
        yield Broken(promise="the books balance and every law holds", seen=str(finding))
    if seen.exit_code != 0:
        yield Broken(promise="the shop ends in good order", seen=f"exit code {seen.exit_code}")
    if seen.errors:
        yield Broken(promise="no bug shows in the log", seen=seen.errors[0], history=seen.errors[1:SHOWN])
    if seen.health.quarantined:
        yield Broken(promise="everything that came could be used", seen=f"{seen.health.quarantined} set aside")
    if (seen.health.outbox_late_s or 0) > LATE_S or seen.health.order_backlog:
        yield Broken(promise="all work is done", seen=f"effects are {seen.health.outbox_late_s} s late")
    for number in sorted(seen.views.keys() - seen.orders.keys()):
        yield Broken(promise="the shop knows no order that is not", seen=number)


def _of_orders(seen: Evidence) -> Iterator[Broken]:
    for number, order in seen.orders.items():
        view = seen.views.get(number)
        if view is None:
            if order.status in (PENDING_SHIP, SHIPPED, COMPLETED):
                yield _broken(seen, order, "no paid order is missing", f"{order.status} is unknown to the shop")
            continue
        expected = S.refunding if order.refunding else STATES[order.status]
        if view.order.state is not expected:
            yield _broken(seen, order, "the shop's order is the world's", f"{view.order.state}, not {expected}")
        yield from _of_shipping(seen, order, view)


def _of_shipping(seen: Evidence, order: Order, view: OrderView) -> Iterator[Broken]:
    shipped = [entry for entry in seen.record if entry["kind"] == "shipped" and entry["order_id"] == order.order_id]
    if len(shipped) > 1:
        yield _broken(seen, order, "no order is shipped twice", f"{len(shipped)} times")
    waits = order.status == PENDING_SHIP and not order.refunding and not order.bargaining
    state = view.fulfilment.state if view.fulfilment else None
    if not waits:
        return
    if state not in TOLD_BY:
        yield _broken(seen, order, "a paid order is shipped or waits for its owner", f"it is {state}")
    elif not any(_names(told, TOLD_BY[state], order) for told in seen.told):
        by_hand = state is F.held and any(act.entity_id == view.order.id and act.entity == "order" for act in seen.acts)
        if not by_hand:
            yield _broken(seen, order, "the owner was told of what waits", f"{state} was never told")


def _names(told: Json, kinds: frozenset[str], order: Order) -> bool:
    """Whether the owner was told of an order; of many at a time one card tells how many they are."""
    if told["kind"] == FLOOD:
        return told["detail"] in kinds
    return told["kind"] in kinds and told["order_no"] == order.order_id


def _of_shelves(seen: Evidence) -> Iterator[Broken]:
    """Law 7 across both sides: what left by the shop's own hand is sold or still held, never free."""
    gone = Counter[str]()
    for entry in seen.record:
        if entry["kind"] == "shipped" and entry["how"] in OWN_WAYS:
            order = seen.orders[entry["order_id"]]
            gone[order.item_id] += order.quantity
    for item, product in seen.shelves.items():
        if gone[item] > product.sold + product.reserved:
            told = f"{product.title}: {gone[item]} left, {product.sold} sold and {product.reserved} held"
            yield Broken(promise="what left is not on the shelf", seen=told)


def _of_texts(seen: Evidence) -> Iterator[Broken]:
    sent = [entry for entry in seen.record if entry["kind"] == "sent"]
    again = [
        text for text, times in Counter((e["chat_id"], e["text"]) for e in sent if _is_once(e)).items() if times > 1
    ]
    for chat_id, text in again:
        yield Broken(promise="nothing is said twice", seen=text[:60], history=_said(seen, chat_id))
    buyers: dict[str, set[str]] = defaultdict(set)
    for entry in sent:
        for key in KEY.findall(entry["text"]):
            buyers[key].add(entry["chat_id"])
    for key, chats in buyers.items():
        if len(chats) > 1:
            yield Broken(promise="a key belongs to one buyer", seen=f"{key} in chats {sorted(chats)}")
    for chat_id, texts in _deliveries(sent).items():
        due = [order for order in seen.orders.values() if order.chat_id == chat_id and order.paid_ms]
        if len(texts) > len(due):
            yield Broken(
                promise="one delivery an order", seen=f"{len(texts)} for {len(due)}", history=_said(seen, chat_id)
            )
    for order in seen.orders.values():
        paid_by_text = order.how == "dummy" and order.item_id in seen.texts
        if paid_by_text and not any(is_delivery(entry["text"]) for entry in sent if entry["chat_id"] == order.chat_id):
            yield _broken(seen, order, "what is shipped as text was sent", "no text reached the buyer")
    for entry in sent:
        if CONTACT.search(entry["text"]) and not is_delivery(entry["text"]):
            yield Broken(promise="no contact leaves", seen=entry["text"][:60])


def _is_once(entry: Json) -> bool:
    """A rule's polite words may come again in a chat; goods and answers to numbered questions may not."""
    return is_delivery(entry["text"]) or re.search(r"第\d+问|（\d+）", entry["text"]) is not None


def _deliveries(sent: Sequence[Json]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in sent:
        if is_delivery(entry["text"]):
            found[entry["chat_id"]].append(entry["text"])
    return found


def _of_messages(seen: Evidence) -> Iterator[Broken]:
    """Laws 1 and 2: what a buyer said stands in the shop once, whether its push came or history brought it."""
    said = [entry for entry in seen.record if entry["kind"] == "buyer_said"]
    wanted = Counter((entry["chat_id"], entry["text"]) for entry in said)
    heard = Counter(
        (number, line.text) for number, chat in seen.chats.items() for line in chat.lines if line.sender == "buyer"
    )
    for (chat_id, text), times in (wanted - heard).items():
        told = f"{text[:60]}: {times} missing"
        yield Broken(promise="every message is known", seen=told, history=_said(seen, chat_id))
    for (chat_id, text), times in (heard - wanted).items():
        told = f"{text[:60]}: {times} too many"
        yield Broken(promise="no message is heard twice", seen=told, history=_said(seen, chat_id))
    yield from _of_silence(seen)


def _of_silence(seen: Evidence) -> Iterator[Broken]:
    """Whoever spoke last in a chat was answered, or a person was told of the chat."""
    last = {entry["chat_id"]: entry for entry in seen.record if entry["kind"] in (*SPOKEN, "buyer_said")}
    told = {one["entity_id"] for one in seen.told if one["entity"] == "chat"}
    if any(one["kind"] == FLOOD and one["detail"] in OF_CHATS for one in seen.told):
        return
    for chat_id, entry in last.items():
        chat = seen.chats.get(chat_id)
        if entry["kind"] == "buyer_said" and chat is not None and chat.id not in told:
            yield Broken(
                promise="nobody is left without an answer", seen=entry["text"][:60], history=_said(seen, chat_id)
            )


def _of_acts(seen: Evidence) -> Iterator[Broken]:
    """What was refused stands in the audit too, and is no act: a command given again may find nothing left to do."""
    done = (act for act in seen.acts if not act.reason)
    times = Counter((act.request, act.verb, act.entity, act.entity_id) for act in done)
    for (request, verb, entity, number), count in times.items():
        if count > 1:
            yield Broken(promise="no command is acted twice", seen=f"{request} {verb} {entity} {number}: {count} times")


def _of_alerts(seen: Evidence) -> Iterator[Broken]:
    health = seen.health
    if (health.oldest_notice_s or 0) > LATE_S or health.notices_failed:
        told = f"{health.notice_backlog} wait, {health.notices_failed} were given up"
        yield Broken(promise="every alert is told", seen=told)


def _broken(seen: Evidence, order: Order, promise: str, what: str) -> Broken:
    """With everything both sides know of an order."""
    view = seen.views.get(order.order_id)
    number = f"#{view.order.id} " if view else ""
    said = f"{number}{order.order_id} ({order.account} {order.item_id}, {order.how or 'not shipped'}): {what}"
    world = [
        (e["at"], f"world: {e['kind']} {e.get('how', '')}") for e in seen.record if e.get("order_id") == order.order_id
    ]
    shop = [
        (round(row.at.timestamp() * 1000), f"shop: {row.machine} {row.before} → {row.after} {row.event} {row.detail}")
        for row in (view.history if view else ())
    ]
    told = [f"told: {one['kind']} {one['detail']}" for one in seen.told if one["order_no"] == order.order_id]
    lines = [f"{at} {line}" for at, line in sorted([*world, *shop])]
    return Broken(promise=promise, seen=said, history=(*lines, *told))


def _said(seen: Evidence, chat_id: str) -> tuple[str, ...]:
    """The last lines of a chat as the world has them."""
    lines = [
        e for e in seen.record if e.get("chat_id") == chat_id and e["kind"] in ("sent", "typed", "buyer_said", "paid")
    ]
    return tuple(f"{e['at']} {e['kind']}: {e.get('text', '')[:50]}" for e in lines[-SHOWN:])
