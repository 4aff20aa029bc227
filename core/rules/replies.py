"""What happens with a buyer's burst of messages: ignore, say, ask the model, or hand over to a person.

Rules first: what a rule can answer from the item's facts costs no model call and cannot go wrong. A burst is answered
by rule only when every sentence of it is understood; otherwise the model gets the whole of it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from core.config import Replies
from core.rules.bargain import counter_offer_fen, find_offer_fen
from core.rules.reply_words import COMPLAINT, PAID, PERSON, PRICE, REFUND, TECH, WORDS, Topic, sentences, topic_of
from core.rules.text import normalise
from core.values import Value
from core.values.chats import Said
from core.values.fulfilment import ShipMode
from core.values.money import yuan_of_fen
from core.values.products import Product, ProductState

_MOST_CHARS = 2000


class Expert(StrEnum):
    """Who of the model's experts answers."""

    price = "price"
    tech = "tech"
    default = "default"


class ReplyKind(StrEnum):
    """What is done."""

    ignore = "ignore"
    say = "say"
    """`text`, word by word."""
    ask = "ask"
    """The model, as `expert`."""
    classify = "classify"
    """Ask the model first which expert it is for."""
    hand_over = "hand_over"
    """To a person; `text` is said to the buyer unless empty."""


class ChatFacts(Value):
    """All that a decision needs. `burst` is what the buyer said since the last answer, oldest first."""

    now: datetime
    burst: tuple[Said, ...]
    by_hand: bool = False
    """A person speaks in this chat."""
    product: Product | None = None
    paid_order: bool = False
    """The platform's record says that this buyer paid and the order is open."""
    shipped_order: bool = False
    bargain_rounds: int = 0
    model_on: bool = True
    classify: bool = True


class Reply(Value):
    """A decision. `reason` is a text key for the owner; `bargained` counts one more round of bargaining."""

    kind: ReplyKind
    text: str = ""
    reason: str = ""
    expert: Expert | None = None
    bargained: bool = False


def decide(facts: ChatFacts, replies: Replies) -> Reply:
    """What to do with the burst."""
    if facts.by_hand:
        return Reply(kind=ReplyKind.ignore, reason="taken_over")
    if not facts.burst:
        return Reply(kind=ReplyKind.ignore, reason="nothing_said")
    if facts.now - facts.burst[-1].sent_at > timedelta(minutes=replies.stale_minutes):
        return _hand_over("stale", text="")
    text = words_of(facts.burst)
    if not text:
        return _hand_over("image")
    return _sensitive(facts, text) or _by_rule(facts, text) or _by_intent(facts, text, replies)


def words_of(burst: tuple[Said, ...]) -> str:
    """The typed words of a burst, a message a line; images say nothing. Of endless words the last 2,000 count."""
    said = (normalise(message.text, _MOST_CHARS) for message in burst if message.kind != "image")
    return "\n".join(filter(None, said))[-_MOST_CHARS:]


def fallback(facts: ChatFacts, expert: Expert) -> Reply:
    """The answer without a model (off, down, or stopped by the guard): from the item's facts, or a person's."""
    price_fen = facts.product.price_fen if facts.product else None
    if facts.product is None or expert is not Expert.price or price_fen is None:
        return _hand_over("ask_owner")
    counter = counter_offer_fen(price_fen, facts.product.floor_fen, facts.bargain_rounds + 1)
    offer = find_offer_fen([words_of(facts.burst)], price_fen)
    if offer is not None and counter <= offer < price_fen:
        return _hand_over("price_agreed", WORDS["agreed"].format(offer=short_yuan(offer)), bargained=True)
    words = WORDS["counter" if counter < price_fen else "counter_none"]
    return Reply(kind=ReplyKind.say, text=words.format(offer=short_yuan(counter)), bargained=True)


def ask(expert: Expert) -> Reply:
    """The model answers as this expert."""
    return Reply(kind=ReplyKind.ask, expert=expert, bargained=expert is Expert.price)


def short_yuan(fen: int) -> str:
    """80 for ¥80.00, 79.90 for ¥79.90."""
    return yuan_of_fen(fen).removesuffix(".00")


def _hand_over(reason: str, text: str | None = None, *, bargained: bool = False) -> Reply:
    said = WORDS[reason] if text is None else text
    return Reply(kind=ReplyKind.hand_over, reason=reason, text=said, bargained=bargained)


def _sensitive(facts: ChatFacts, text: str) -> Reply | None:
    """Refunds, complaints, the wish for a person: to one. A claim of payment is held against the record (law 4)."""
    for reason, pattern in (("complaint", COMPLAINT), ("refund", REFUND), ("person", PERSON)):
        if pattern.search(text):
            return _hand_over(reason)
    if not PAID.search(text):
        return None
    if facts.shipped_order:
        return Reply(kind=ReplyKind.say, text=WORDS["shipped"])
    return Reply(kind=ReplyKind.say, text=WORDS["shipping_paid" if facts.paid_order else "unpaid_claim"])


def _by_rule(facts: ChatFacts, text: str) -> Reply | None:
    """The rule's answer when every sentence has a topic with an answer; acknowledgements alone need none."""
    topics = [topic_of(sentence) for sentence in sentences(text)]
    if not topics:
        return None if "?" in text else _ignore("ack")
    if None in topics:
        return None
    asked = list(
        dict.fromkeys(topic for topic in topics if topic not in (Topic.ack, Topic.greeting, Topic.thanks, None))
    )
    if not asked:
        return _courtesy(facts, topics)
    answers = [_answer(topic, facts) for topic in asked]
    if len(answers) > 2 or any(answer is None for answer in answers):
        return None
    first, *others = [answer for answer in answers if answer is not None]
    return Reply(kind=ReplyKind.say, text=first + "".join(answer.removeprefix("您好，") for answer in others))


def _ignore(reason: str) -> Reply:
    return Reply(kind=ReplyKind.ignore, reason=reason)


def _courtesy(facts: ChatFacts, topics: list[Topic | None]) -> Reply:
    if Topic.greeting in topics:
        on_sale = facts.product is not None and is_on_sale(facts.product)
        title = normalise(facts.product.title, 40) if facts.product else ""
        words = WORDS["greeting"].format(title=title) if on_sale and title else WORDS["greeting_plain"]
        return Reply(kind=ReplyKind.say, text=words)
    return Reply(kind=ReplyKind.say, text=WORDS["thanks"]) if Topic.thanks in topics else _ignore("ack")


def is_on_sale(product: Product) -> bool:
    """Whether a buyer may be told to buy it."""
    return product.state is ProductState.active and (not product.counted or product.free > 0)


def _answer(topic: Topic, facts: ChatFacts) -> str | None:
    """A topic's answer from the item's facts; None when they do not say."""
    product = facts.product
    if topic is Topic.shipping and (facts.shipped_order or facts.paid_order):
        return WORDS["shipped" if facts.shipped_order else "shipping_paid"]
    if product is None:
        return None
    if topic is Topic.stock:
        paused = product.state is ProductState.paused
        return WORDS["stock_paused" if paused else "stock" if is_on_sale(product) else "stock_out"]
    if topic is Topic.price:
        return None if product.price_fen is None else WORDS["price"].format(price=short_yuan(product.price_fen))
    if not product.configured:
        return None
    return _postage(product) if topic is Topic.postage else _shipping(product)


def _postage(product: Product) -> str:
    if product.mode is ShipMode.virtual:
        return WORDS["postage_none"]
    if product.postage_fen == 0:
        return WORDS["postage_free"]
    return WORDS["postage"].format(postage=short_yuan(product.postage_fen))


def _shipping(product: Product) -> str:
    if product.mode is ShipMode.physical:
        return WORDS["shipping_parcel"].format(carrier=product.carrier or "快递")
    return WORDS["shipping_auto" if product.auto_ship else "shipping_virtual"]


def _by_intent(facts: ChatFacts, text: str, replies: Replies) -> Reply:
    wants_price, wants_tech = bool(PRICE.search(text)), bool(TECH.search(text))
    if wants_price and not wants_tech and facts.bargain_rounds >= replies.bargain_rounds:
        return _hand_over("bargain_rounds", WORDS["ask_owner"])
    expert = Expert.price if wants_price else Expert.tech if wants_tech else Expert.default
    if not facts.model_on:
        return fallback(facts, expert)
    if facts.classify and wants_price == wants_tech:
        return Reply(kind=ReplyKind.classify, expert=expert)
    return ask(expert)
