"""The shop's own polite texts: stated defaults, named places, and the one check when they are saved (law 6)."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from core.errors import BadArgument, Refused
from core.rules.guard import GuardFacts, check
from core.values.money import yuan_of_fen
from core.values.orders import Order, OrderState
from core.values.templates import Template, TemplateName

N = TemplateName

DEFAULTS: Mapping[TemplateName, str] = {
    N.unpaid: "您好，看到您拍下了「{title}」，还没有付款。有什么想了解的随时问我；没问题的话，付款后就为您安排。",
    N.short: "您好，「{title}」的订单已经收到。这款正在补货，到货后按付款先后发出，给您添麻烦了，不想等请告诉我。",
    N.held: "您好，「{title}」的订单已经收到，正在核对，核对好就为您处理，请稍等。",
    N.manual: "您好，「{title}」的订单已经收到，由我亲自处理，请稍等，发出后您会在订单里看到。",
    N.parcel: "您好，「{title}」已经寄出，{carrier} {number}，物流可以在订单里看，也可以看：{link}",
}
"""What is said unless the owner wrote something else."""
ON = frozenset({N.short, N.parcel})
"""What is said unless the owner chose otherwise: who paid and gets nothing yet is told why; the rest is a choice."""
_EVERY = ("title", "order", "amount", "quantity")
PLACES: Mapping[TemplateName, tuple[str, ...]] = {
    **dict.fromkeys(N, _EVERY),
    N.parcel: (*_EVERY, "carrier", "number", "link"),
}
"""The places a text may have: `{title}` of the goods, `{order}` number, `{amount}` in yuan, `{quantity}`; of a parcel
`{carrier}`, `{number}` and `{link}`, the page it is tracked on."""
LONGEST = 300
KEY = "template:"
"""How the natural key of such a text begins: `template:short:42`. An occasion is spoken of once (law 2)."""
PASSED = "occasion_passed"
"""Why a text was not said after all: a text key."""
_SAMPLE = {
    "title": "示例商品",
    "order": "3000000000000000001",
    "amount": "50.00",
    "quantity": "1",
    "carrier": "顺丰速运",
    "number": "SF1234567890123",
    "link": "https://www.sf-express.com",
}


def default_of(name: TemplateName) -> Template:
    """The template nobody touched."""
    return Template(name=name, text=DEFAULTS[name], on=name in ON)


def check_text(name: TemplateName, text: str) -> str:
    """A text as it is stored; BadArgument names an unknown place or what a buyer must not be told.

    A literal price is stopped whatever it is: a template knows no product and so no floor. `{amount}` says it.
    """
    text = text.strip()
    allowed = " ".join(f"{{{place}}}" for place in PLACES[name])
    for strange in re.finditer(r"\{([^{}]*)\}", text):
        if strange[1] not in PLACES[name]:
            raise BadArgument("unknown_placeholder", name=strange[0], allowed=allowed)
    if "{" in re.sub(r"\{\w+\}", "", text) or "}" in re.sub(r"\{\w+\}", "", text):
        raise BadArgument("unknown_placeholder", name="{ }", allowed=allowed)
    verdict = check(_without_places(text), GuardFacts(max_chars=LONGEST))
    if not verdict.passed:
        block = verdict.blocks[0]
        words = text[block.start : block.end][:60]
        raise BadArgument("text_stopped", kinds=", ".join(sorted(verdict.kinds)), words=words, allowed=allowed)
    return text


def _without_places(text: str) -> str:
    """Spans stay where they were; what stands on both sides of a place is judged as two pieces."""
    return re.sub(r"\{\w+\}", lambda place: "。" * len(place[0]), text)


def fill(text: str, facts: Mapping[str, str]) -> str | None:
    """The text with its places filled, each once; None when one of them is not known: no buyer gets a hole."""
    wanted = set(re.findall(r"\{(\w+)\}", text))
    if any(not facts.get(place) for place in wanted):
        return None
    return re.sub(r"\{(\w+)\}", lambda place: facts[place[1]], text)


def facts_of(order: Order) -> dict[str, str]:
    """What the places are filled with; what is not known is empty."""
    line = order.lines[0] if order.lines else None
    return {
        "title": line.title if line else "",
        "order": order.order_no,
        "amount": "" if order.amount_fen is None else yuan_of_fen(order.amount_fen),
        "quantity": str(line.quantity) if line else "",
    }


def reminder_of(order: Order, template: Template) -> str:
    """What the buyer of an unpaid order is told; Refused("not_unpaid", "reminded_before", "buyer_blocked", …)."""
    if order.state is not OrderState.pending_payment:
        raise Refused("not_unpaid", order=order.id)
    if order.reminded_at is not None:
        raise Refused("reminded_before", order=order.id)
    if order.buyer is not None and order.buyer.blocked_reason:
        raise Refused("buyer_blocked", order=order.id)
    text = fill(template.text, facts_of(order))
    if text is None:
        raise Refused("template_has_hole", order=order.id)
    return text


def sample(text: str) -> str:
    """The text as a buyer of an example would read it."""
    return fill(text, _SAMPLE) or text


def key_of(name: TemplateName, order_id: int) -> str:
    """The natural key of an occasion's text."""
    return f"{KEY}{name}:{order_id}"


def occasion_of(key: str) -> tuple[TemplateName, int] | None:
    """The occasion and the order a text's key names; None for other texts."""
    if not key.startswith(KEY):
        return None
    _, name, order_id = key.split(":")
    return TemplateName(name), int(order_id)


def is_night(now: datetime, zone: ZoneInfo, begins: str, ends: str) -> bool:
    """Whether buyers sleep, by the shop's clock; the same hour twice is no night at all."""
    here = now.astimezone(zone).strftime("%H:%M")
    if begins <= ends:
        return begins <= here < ends
    return here >= begins or here < ends
