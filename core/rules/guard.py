"""What may leave for a buyer (law 6): between every text of a model or a rule and the buyer stands `check`.

Prices below the floor, contacts and payments off the platform, promises the owner did not allow, secrets of the shop,
empty and overlong texts are stopped, in whatever spelling. When in doubt the text is stopped: the buyer then gets a
rule's answer, and the spans tell the owner what was wrong.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from core.rules import contacts, promises
from core.rules.prices import READERS, Pricing, Reader, find_prices
from core.rules.text import Folded, fold, normalise, tight
from core.values import Value
from core.values.products import Product

DELIVERY_PLACES = frozenset({"keys", "order", "title"})
"""The placeholders of a delivery text."""


_JUDGED_CHARS = 2000
"""Longer texts are stopped for their length; only so much of them is read."""


_WHOLE = 1_000_000


class BlockKind(StrEnum):
    """Why a text is stopped."""

    price = "price"
    contact = "contact"
    link = "link"
    payment = "payment"
    promise = "promise"
    secret = "secret"  # noqa: S105 - a reason, no password
    empty = "empty"
    long = "long"
    placeholder = "placeholder"


K = BlockKind


class GuardFacts(Value):
    """What a text is held against. Money in 分.

    `item_text` is what the listing and the owner's notes say; its numbers are no prices and its promises are made.
    `known` are literal strings the shop itself gives (order and tracking numbers). `allowed` are further promises.
    `quantity` is how many units the buyer speaks of. `instructions` is the prompt without the item's facts.
    """

    price_fen: int | None = None
    floor_fen: int | None = None
    postage_fen: int | None = None
    item_text: str = ""
    known: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    quantity: int = 1
    max_chars: int = 300
    instructions: str = ""


class Block(Value):
    """One reason to stop a text: the span of the text as it was given, and its words."""

    kind: BlockKind
    start: int
    end: int
    words: str = ""


class Verdict(Value):
    """`text` is the text as it would leave: normalised. `blocks` is empty when it may."""

    text: str
    blocks: tuple[Block, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the text may leave."""
        return not self.blocks

    @property
    def kinds(self) -> frozenset[BlockKind]:
        """Why it may not."""
        return frozenset(block.kind for block in self.blocks)


def facts_of(
    product: Product | None, *, known: tuple[str, ...] = (), instructions: str = "", max_chars: int = 300
) -> GuardFacts:
    """What texts about a product are held against; about no known product every price is stopped."""
    if product is None:
        return GuardFacts(known=known, instructions=instructions, max_chars=max_chars)
    return GuardFacts(
        price_fen=product.price_fen,
        floor_fen=product.floor_fen,
        postage_fen=product.postage_fen,
        item_text=f"{product.title} {product.spec} {product.facts}",
        known=known,
        allowed=("包邮",) if product.configured and product.postage_fen == 0 else (),
        max_chars=max_chars,
        instructions=instructions,
    )


def check(text: str, facts: GuardFacts, readers: Sequence[Reader] = READERS) -> Verdict:
    """Judge a text of a model or a rule. `readers` find the numbers in it."""
    folded = fold(text[:_JUDGED_CHARS])
    found = [*_extent(text, facts.max_chars), *_prices(folded, facts, readers), *_ways(folded, facts)]
    words = [*promises.find_promises(folded, (facts.item_text, *facts.allowed))]
    words += promises.find_secrets(folded, facts.instructions, facts.item_text)
    return _verdict(text, [*found, *((K(word.kind), *folded.span(word.start, word.end)) for word in words)])


def warn(text: str, facts: GuardFacts | None = None) -> Verdict:
    """Judge the owner's own words: what a platform punishes and what is below the floor. Nobody stops them."""
    folded = fold(text[:_JUDGED_CHARS])
    found = list(_ways(folded, facts or GuardFacts()))
    if facts and (facts.floor_fen is not None or facts.price_fen is not None):
        found += _prices(folded, facts, READERS)
    return _verdict(text, found)


def check_delivery(text: str) -> Verdict:
    """Judge a delivery text when it is saved. Links are goods here; contacts, payments and strange names are not."""
    folded = fold(text[:_JUDGED_CHARS])
    found = [*_extent(text, 2000), *(way for way in _ways(folded, GuardFacts()) if way[0] is not K.link)]
    for strange in re.finditer(r"\{(\w*)\}", text):
        if strange[1] not in DELIVERY_PLACES:
            found.append((K.placeholder, *strange.span()))
    return _verdict(text, found)


_Found = tuple[BlockKind, int, int]


def _verdict(text: str, found: Sequence[_Found]) -> Verdict:
    blocks = [Block(kind=kind, start=start, end=end, words=text[start:end]) for kind, start, end in sorted(set(found))]
    return Verdict(text=normalise(text), blocks=tuple(blocks))


def _extent(text: str, most: int) -> Iterator[_Found]:
    length = len(normalise(text, _WHOLE))
    if not any(char.isalnum() for char in text):
        yield K.empty, 0, len(text)
    if length > most or len(text) > _JUDGED_CHARS:
        yield K.long, min(most, len(text)), len(text)


def _ways(folded: Folded, facts: GuardFacts) -> Iterator[_Found]:
    listing = tight(facts.item_text)
    for way in contacts.find_ways(folded, listing, facts.known):
        yield K(way.kind), *folded.span(way.start, way.end)


def _prices(folded: Folded, facts: GuardFacts, readers: Sequence[Reader]) -> Iterator[_Found]:
    pricing = Pricing(
        price_fen=facts.price_fen,
        floor_fen=facts.floor_fen,
        postage_fen=facts.postage_fen,
        quantity=facts.quantity,
        item_text=facts.item_text,
        known=facts.known,
    )
    for price in find_prices(folded, pricing, readers):
        if price.low:
            yield K.price, *folded.span(price.start, price.end)
        elif price.fen == facts.floor_fen and promises.says_lowest(folded.text, price.start):
            yield K.secret, *folded.span(price.start, price.end)
