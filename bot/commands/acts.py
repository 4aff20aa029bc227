"""Looking back: who did what."""

import re
from dataclasses import dataclass

from bot.cards.acts import acts_card
from bot.cards.card import Draft
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Source, read_before, read_order
from bot.commands.when import read_days_word
from core.errors import BadArgument
from core.values.acts import Sought
from core.values.ids import OrderId
from core.values.people import Role

_ENTITIES = {"p": "product", "c": "chat", "a": "account", "k": "keep"}
_THING = re.compile(r"([pcak])([0-9]{1,9})")


@dataclass(frozen=True)
class Look:
    """Which acts, and the word that names them again on a button."""

    sought: Sought
    word: str = ""


ALL = Look(Sought())


async def read_look(source: Source) -> Look | None:
    """#42, p3, c7, a1, k1, a person (m3 or a name), or days (今天, 7天, 2026-11); a page mark is left for the next."""
    word = source.peek() or ""
    if not word or word.startswith("<"):
        return None
    if word.startswith("#"):
        number = await read_order(source)
        return Look(Sought(entity="order", entity_id=number), f"#{number}")
    thing = _THING.fullmatch(word)
    if thing is not None:
        source.take()
        return Look(Sought(entity=_ENTITIES[thing[1]], entity_id=int(thing[2])), word)
    return await _read_days(source, word) or await _read_person(source)


async def _read_days(source: Source, word: str) -> Look | None:
    try:
        days = read_days_word(word, source.now.astimezone(source.zone).date())
    except BadArgument as error:
        if error.key != "no_days":
            raise
        return None
    source.take()
    return Look(source.engine.acts.of_days(*days), word)


async def _read_person(source: Source) -> Look:
    person = await source.engine.people.choose(source.take().raw, source.asked.front if source.asked else "")
    return Look(Sought(member=person.id), f"m{person.id}")


async def audit(ask: Ask, of: Look, before: OrderId | None) -> Draft:
    """What people did, newest first."""
    page = await ask.engine.acts.list(of.sought, before)
    words = f"audit {of.word}".strip()
    return acts_card(page, words, ask.pen, ask.table.chinese, paged=before is not None)


ROWS = (
    Command(
        name="audit",
        words=("审计", "记录"),
        topic="people",
        role=Role.owner,
        run=audit,
        arguments=(optional("of", read_look, ALL, grabs=True), optional("before", read_before)),
    ),
)
