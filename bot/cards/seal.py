"""From draft to card: texts are cleaned and cut, the buttons' words stored as actions."""

from datetime import timedelta
from itertools import accumulate

from bot.cards.card import (
    MAX_COPYABLE,
    MAX_FIELDS,
    MAX_LABEL,
    MAX_MENTIONS,
    MAX_NOTE,
    MAX_TITLE,
    MAX_TOTAL,
    MAX_VALUE,
    MAX_VERB,
    Button,
    Card,
    Draft,
    FieldLine,
    Mention,
    Offer,
    units,
)
from bot.cards.clean import clean, clip
from core.engine.actions import NewAction
from core.engine.front import Engine

CONFIRM_S = 60
"""How long the second press of a weighty act is good for."""
BUTTON_S = int(timedelta(days=30).total_seconds())
"""How long any other button is: after that its thing is looked up by command."""


async def seal(draft: Draft, engine: Engine, chat: str, who: str | None = None, confirm_s: float = CONFIRM_S) -> Card:
    """Store the draft's buttons for a chat (and, where one confirms, for the person `who`) and make the card.

    `confirm_s` is in shop time: a shop whose clock runs fast gives its people as many real seconds.
    """
    ids = await engine.actions.keep_all([_action(draft, offer, chat, who, confirm_s) for offer in draft.offers])
    buttons = tuple(Button(clean(o.label, MAX_VERB), o.style, i) for o, i in zip(draft.offers, ids, strict=True))
    return write(draft, buttons)


def write(draft: Draft, buttons: tuple[Button, ...] = ()) -> Card:
    """The card of a draft, everything in it cleaned and within the limits."""
    title = clean(draft.title, MAX_TITLE)
    mentions = tuple(Mention(one.who, clean(one.name, MAX_LABEL)) for one in draft.mentions[:MAX_MENTIONS])
    room = MAX_TOTAL - units(title) - sum(units(one.name) + 1 for one in mentions) - 3
    fields = _fitting(tuple(_line(*pair) for pair in draft.fields[:MAX_FIELDS]), room)
    left = room - sum(map(_weight, fields)) - 2
    note = _cut(clean(draft.note, MAX_NOTE, lines=True), left)
    return Card(
        ref=draft.ref,
        version=draft.version,
        urgency=draft.urgency,
        title=title,
        fields=fields,
        note=note,
        buttons=buttons,
        picture=draft.picture,
        code=draft.code,
        file=draft.file,
        copyable=clean(draft.copyable, MAX_COPYABLE),
        mentions=mentions,
        secret=draft.secret,
    )


def _action(draft: Draft, offer: Offer, chat: str, who: str | None, confirm_s: float) -> NewAction:
    return NewAction(
        words=offer.words,
        entity=draft.entity,
        entity_id=draft.entity_id,
        version=draft.version,
        chat=chat,
        expires_s=round(confirm_s) if offer.confirms else BUTTON_S,
        confirms=offer.confirms,
        made_for=who if offer.confirms or offer.mine else None,
    )


def _line(label: str, value: str) -> FieldLine:
    return FieldLine(clean(label, MAX_LABEL), clean(value, MAX_VALUE))


def _weight(line: FieldLine) -> int:
    return units(line.label) + units(line.value) + 2


def _fitting(fields: tuple[FieldLine, ...], room: int) -> tuple[FieldLine, ...]:
    """The first fields that fit; a card is cut at its end, never refused."""
    return tuple(f for f, used in zip(fields, accumulate(map(_weight, fields)), strict=True) if used <= room)


def _cut(text: str, room: int) -> str:
    """The text within `room` UTF-16 units; every character is at most two of them."""
    if units(text) <= room:
        return text
    return clip(text, room // 2) if room >= 4 else ""
