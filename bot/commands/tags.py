"""Tags of people: who goes by which, and a change of them."""

from bot.cards.card import Draft
from bot.cards.tags import tagged_card, tags_card
from bot.commands.command import Ask, Command, optional
from bot.commands.grantees import More, read_more, read_one_person
from core.values.counter import Person
from core.values.people import Role


async def show_tags(ask: Ask, person: Person | None, change: More) -> Draft:
    """Who goes by which tag; one person's; or a change of theirs. A bare word is given as well as one with @."""
    if person is None:
        return tags_card(await ask.engine.people.list_persons(), await ask.engine.tags.by_kind(), ask.pen)
    add, drop = change.tags(known=True)
    if add or drop:
        person = await ask.engine.tags.change(ask.actor, person.id, add, drop)
    everybody = await ask.engine.people.list_persons()
    return tagged_card(person, sorted({tag for one in everybody for tag in one.tags}), ask.pen)


ROWS = (
    Command(
        name="tag",
        words=("标签",),
        topic="people",
        role=Role.owner,
        run=show_tags,
        arguments=(optional("person", read_one_person), optional("change", read_more, More())),
        mutating=True,
        looks=lambda values: values["person"] is None or values["change"] == More(),
    ),
)
