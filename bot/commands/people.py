"""Who is who, and who may do what."""

from bot.cards.card import Draft
from bot.cards.clean import clean
from bot.cards.pen import Pen
from bot.cards.people import (
    grant_question,
    lang_card,
    person_card,
    revoke_question,
    revoked_card,
    start_card,
    users_card,
    whoami_card,
)
from bot.cards.replies import plain
from bot.commands.command import Ask, Command, optional, required
from bot.commands.grantees import CALLED, Grantee, More, read_grantee, read_more, read_person, read_role_or_person
from bot.commands.readers import choice
from bot.texts import load
from core.errors import NotFound
from core.values.counter import Person
from core.values.people import ChatKind, Role

LONGEST_NAME = 40
LANGUAGES = {
    "zh": "zh", "中文": "zh", "chinese": "zh",
    "en": "en", "英文": "en", "英语": "en", "english": "en",
    "auto": "auto", "自动": "auto",
}  # fmt: skip


async def whoami(ask: Ask) -> Draft:
    """The asker's ids and role; what a stranger sends the owner to be let in."""
    return whoami_card(ask.guest, ask.pen)


async def start(ask: Ask) -> Draft:
    """Who I am, who you are to me, and what to do next."""
    homes = await ask.engine.rooms.list_homes(ask.request.front)
    return start_card(ask.guest, ask.pen, has_home=bool(homes))


async def cancel(ask: Ask) -> Draft:
    """Leave whatever was asked; what is not confirmed is not done."""
    return plain("cancelled", ask.pen)


async def users(ask: Ask, person: Person | None) -> Draft:
    """Everybody who may do anything, or one of them with buttons."""
    if person is not None:
        return person_card(person, _done(ask, person), ask.pen)
    persons = await ask.engine.people.list_persons()
    return users_card([(person, _done(ask, person)) for person in persons], ask.pen)


def _done(ask: Ask, person: Person) -> str:
    """What somebody did last, in the table's own word."""
    row = ask.table.find(person.last_verb)
    return row.chinese if row is not None and ask.pen.texts.locale == "zh" else person.last_verb


async def preview_grant(ask: Ask, target: Grantee, role: Role | Person, more: More) -> Draft | None:
    """An owner is not made in passing."""
    if isinstance(role, Person):
        called, becomes, how = role.name, role.role, f"as m{role.id}"
    else:
        known = await ask.engine.people.find(target.who) is not None
        called, becomes = _name(target, more.name(known=known)), role
        named = f"{CALLED} {called}" if called else ""  # whatever somebody calls themselves is a name, never a tag
        how = f"{role} {more.words or named}".strip()
    if becomes is not Role.owner:
        return None
    return grant_question(target.who, called, f"grant {target.who} {how}", ask.pen)


async def grant(ask: Ask, target: Grantee, role: Role | Person, more: More) -> Draft:
    """Give somebody a role and tags, or a second id to a person."""
    if isinstance(role, Person):
        person = await ask.engine.people.join(ask.actor, target.who, role.id)
    else:
        known = await ask.engine.people.find(target.who) is not None
        called = _name(target, more.name(known=known))
        person = await ask.engine.people.grant(ask.actor, target.who, role, called, more.tags(known=known))
    return person_card(person, _done(ask, person), ask.pen, granted=True)


def _name(target: Grantee, typed: str) -> str:
    return clean(typed or target.name, LONGEST_NAME)


async def preview_revoke(ask: Ask, person: Person) -> Draft:
    """Shutting somebody out is asked about."""
    return revoke_question(person, ask.pen)


async def revoke(ask: Ask, person: Person) -> Draft:
    """Shut somebody out."""
    return revoked_card(person.id, await ask.engine.people.revoke(ask.actor, person.id), ask.pen)


async def lang(ask: Ask, language: str | None) -> Draft:
    """The language of the chat, when its owner says so in it; else the asker's own."""
    member, room = ask.member, ask.guest.room
    if member is None or room is None:
        raise NotFound("no_such_member", word=ask.actor.name)
    for_room = room.kind is not ChatKind.private and member.role is Role.owner
    if language is None:
        return lang_card(ask.pen, room.locale if for_room else member.locale, for_room=for_room)
    locale = None if language == "auto" else language
    if for_room:
        await ask.engine.rooms.speak(ask.actor, room.chat, locale)
    else:
        await ask.engine.people.speak(ask.actor, member, locale)
    pen = Pen(load(locale), ask.pen.zone, ask.pen.now) if locale else ask.pen
    return lang_card(pen, locale, for_room=for_room)


ROWS = (
    Command(name="start", words=("开始",), topic="people", role=None, run=start),
    Command(name="whoami", words=("我是谁", "id"), topic="people", role=None, run=whoami),
    Command(
        name="users",
        words=("成员",),
        topic="people",
        role=Role.owner,
        run=users,
        arguments=(optional("person", read_person),),
    ),
    Command(
        name="grant",
        words=("授权",),
        topic="people",
        role=Role.owner,
        run=grant,
        preview=preview_grant,
        arguments=(
            required("target", read_grantee),
            required("role", read_role_or_person),
            optional("more", read_more, More()),
        ),
        mutating=True,
    ),
    Command(
        name="revoke",
        words=("撤权",),
        topic="people",
        role=Role.owner,
        run=revoke,
        preview=preview_revoke,
        arguments=(required("person", read_person),),
        mutating=True,
    ),
    Command(
        name="lang",
        words=("语言",),
        topic="people",
        role=Role.viewer,
        run=lang,
        arguments=(optional("language", choice(LANGUAGES)),),
        mutating=True,
        looks=lambda values: values["language"] is None,
    ),
    Command(name="cancel", words=("取消",), topic="shop", role=Role.viewer, run=cancel),
)
