"""Showing a draft in a chat: sealed, sent or drawn over the pressed card, and remembered as a copy to be redrawn."""

import asyncio
import logging

from bot.auth import Request
from bot.cards.card import Draft, Front, Fronts, Pinning, Place
from bot.cards.seal import CONFIRM_S, seal
from core.engine.front import Engine
from core.errors import Transient

LOG = logging.getLogger("zhanggui.showing")
COPIED = frozenset({"order", "product", "chat", "account", "login", "board", "keep"})
"""Things whose cards follow them."""
TRIES = 3
LONGEST_WAIT_S = 5.0


async def answer(
    engine: Engine, fronts: Fronts, request: Request, draft: Draft, place: Place, confirm_s: float = CONFIRM_S
) -> str:
    """Show the answer to a request where it was asked; returns the key of what went wrong, or an empty text."""
    for attempt in range(1, TRIES + 1):
        try:
            await _show(engine, fronts, request, draft, place, confirm_s)
        except Transient as error:
            if attempt == TRIES:
                LOG.warning("the answer to %s could not be shown: %s", request.update_id, error)
                return error.key
            await asyncio.sleep(min(error.retry_after_s or 0.0, LONGEST_WAIT_S))
        else:
            break
    return ""


async def _show(engine: Engine, fronts: Fronts, request: Request, draft: Draft, place: Place, confirm_s: float) -> None:
    front = fronts.of(request.chat)
    if front is None:
        raise Transient("front_is_off")
    if place is Place.same and await _is_overtaken(engine, request, draft):
        return
    card = await seal(draft, engine, request.chat, request.who, confirm_s)
    message = await front.answer(request, card, place)
    await remember(engine, request.chat, message, draft)
    await _pin(front, request.chat, message, draft)


async def _is_overtaken(engine: Engine, request: Request, draft: Draft) -> bool:
    """Whether the pressed card shows a newer state already: an answer that waited must not draw an old one over it."""
    copy = await engine.notices.find_shown(request.chat, request.reply_to) if request.reply_to else None
    same = copy is not None and (copy.entity, copy.entity_id) == (draft.entity, draft.entity_id)
    return copy is not None and same and 0 < draft.version < copy.version


async def _pin(front: Front, chat: str, message: str, draft: Draft) -> None:
    """Keep the card on top in place of those before; a chat that does not take it has the card all the same."""
    if not isinstance(front, Pinning):
        return
    try:
        for before in draft.unpin:
            if before != message:
                await front.pin(chat, before, on=False)
        if draft.pin:
            await front.pin(chat, message, on=True)
    except Transient as error:
        LOG.warning("what stands on top of %s could not be changed: %s", chat, error.key)


async def remember(engine: Engine, chat: str, message: str, draft: Draft) -> None:
    """Keep a shown card as a copy of its thing, so that it is redrawn when the thing changes."""
    if draft.entity in COPIED and draft.entity_id and not draft.refusal:
        await engine.notices.keep_copy(chat, message, draft.kind, draft.entity, draft.entity_id, draft.version)
