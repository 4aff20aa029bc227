"""The one reader of an account's or a shop's name, for every row it makes sense for."""

import re
from collections.abc import Mapping

from bot.cards.card import MAX_VERB, Offer
from bot.cards.replies import Ambiguous
from bot.commands.readers import Scope, Source, choice, read_chat, read_product, read_product_or_order
from bot.commands.when import is_time
from core.errors import BadArgument, NotFound
from core.values.ids import ProductId
from core.values.sellers import SHOP_WORDS, Part
from core.values.views import AccountHealth


def known(parts: tuple[Part, ...]) -> str:
    """The names there are, with what tells them apart."""
    return " · ".join(f"{part.name} ({part.word})" for part in parts)


async def maybe_part(source: Source) -> Part | None:
    """An account (小号, a2) or a shop (店A, shop:A), when the next word names one; else the word is left alone."""
    sellers = await source.engine.accounts.sellers()
    word = source.peek() or ""
    found = sellers.list_named(word)
    if not found and word.startswith(SHOP_WORDS) and len(sellers.shops) > 1:
        raise NotFound("no_such_seller", word=word, known=known(sellers.parts))
    return _take(source, found) if found else None


async def read_part(source: Source) -> Part:
    """The same where nothing else may stand: a part of a name is enough, and a strange word says which there are."""
    sellers = await source.engine.accounts.sellers()
    word = source.peek() or ""
    found = sellers.list_named(word, begins=True)
    if not found:
        raise NotFound("no_such_seller", word=word, known=known(sellers.parts))
    return _take(source, found)


async def part_or_choice(source: Source, words: Mapping[str, str]) -> Part | None:
    """An account or a shop where also some other words may stand: what is neither says which there are."""
    part = await maybe_part(source)
    sellers = await source.engine.accounts.sellers()
    if part is None and sellers.are_several:
        return await read_part(source)
    if part is None:
        await choice(words)(source)
    return part


async def read_product_or_order_or_tell(source: Source) -> ProductId:
    """The same, or the product of an order (#42)."""
    if (source.peek() or "").startswith("#"):
        return await read_product_or_order(source)
    return await read_product_or_tell(source)


async def read_account(source: Source) -> AccountHealth:
    """One of the shop's logins by its name or as a2; without a word the only one there is."""
    sellers = await source.engine.accounts.sellers()
    word = source.peek()
    named = sellers.accounts if word is None else sellers.list_named(word, begins=True)
    found = tuple(part for part in named if part in sellers.accounts)
    if word is None and len(found) > 1:
        raise _ambiguous(source, "", found)
    if not found:
        raise NotFound("no_such_account", account=word or "", known=known(sellers.accounts))
    part = found[0] if word is None else _take(source, found)
    return await source.engine.accounts.find(part.word)


def _take(source: Source, found: tuple[Part, ...]) -> Part:
    token = source.take()
    if len(found) > 1:
        raise _ambiguous(source, token.raw, found)
    return found[0]


def _ambiguous(source: Source, word: str, found: tuple[Part, ...]) -> Ambiguous:
    """A button for each meaning: the same command with the word that leaves no doubt."""
    words = [token.raw for token in source.line.tokens]
    at = max(0, source.taken - 1) if word else len(words)
    lines = (" ".join((source.line.word, *words[:at], part.word, *words[at + 1 :])) for part in found)
    offers = tuple(Offer(label=part.name[:MAX_VERB], words=line) for part, line in zip(found, lines, strict=True))
    key = "ambiguous_seller" if word else "which_account"
    return Ambiguous(key, offers, word=word, known=known(found))


async def read_product_or_tell(source: Source) -> ProductId:
    """A product behind `maybe_part`: what is none may have been meant as an account."""
    try:
        return await read_product(source)
    except NotFound as error:
        sellers = await source.engine.accounts.sellers()
        if error.key != "no_such_product" or not sellers.are_several:
            raise
        word = error.facts.get("word", "")
        raise NotFound("no_such_product_or_seller", word=word, known=known(sellers.parts)) from error


async def read_scope(source: Source) -> Scope:
    """全部, all, p3, c7, #42, an account or a shop; a time means all."""
    word = source.peek() or ""
    if not word or is_time(word) or word in ("永久", "forever", "一直"):
        return Scope("all")
    if word in ("all", "全部", "所有"):
        source.take()
        return Scope("all")
    if re.fullmatch(r"c[0-9]+|#[0-9]+", word):
        return Scope("chat", await read_chat(source))
    part = await maybe_part(source)
    if part is not None:
        return Scope("account", accounts=part.accounts)
    try:
        return Scope("product", await read_product(source))
    except NotFound:
        sellers = await source.engine.accounts.sellers()
        if sellers.are_several:
            raise BadArgument("no_scope_or_seller", word=word, known=known(sellers.parts)) from None
        raise BadArgument("no_scope", word=word) from None
