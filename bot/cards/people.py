"""Who somebody is to the shop, and who may do what."""

from collections.abc import Iterator, Sequence

from bot.auth import RANKS, Guest
from bot.cards.card import MAX_BUTTONS, MAX_FIELDS, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.tags import tags_of
from core.values.counter import Person
from core.values.notices import Urgency
from core.values.people import ChatKind, Role

NAME_ON_BUTTON = 8
MAKE = {
    Role.viewer: "button.make_viewer",
    Role.operator: "button.make_operator",
    Role.owner: "button.make_owner",
}
MEANS = {Role.viewer: "note.role_viewer", Role.operator: "note.role_operator", Role.owner: "note.role_owner"}


def whoami_card(guest: Guest, pen: Pen) -> Draft:
    """The ids a person needs to be let in, and the role they have."""
    request, member = guest.request, guest.member
    bound = pen("people.bound" if guest.is_bound else "people.not_bound")
    facts = (
        (pen("label.who"), request.who),
        (pen("label.role"), pen.word("role", member.role) if member else pen("people.stranger")),
        (pen("label.chat"), f"{request.chat} · {bound}"),
        (pen("label.topic"), request.topic or ""),
    )
    return Draft(
        entity="person",
        title=pen("title.whoami", name=(member.name if member else request.name) or request.who),
        fields=tuple(fact for fact in facts if fact[1]),
        note="" if member else _plea(guest, pen),
    )


def _plea(guest: Guest, pen: Pen) -> str:
    """What a stranger sends the owner: the very words that let them in."""
    return pen("note.stranger", id=guest.request.who)


def start_card(guest: Guest, pen: Pen, *, has_home: bool) -> Draft:
    """Who I am, who you are to me, and what to do next; `has_home`: some group of this front is bound."""
    member = guest.member
    if member is None:
        note = "" if has_home else pen("note.start_owner")
        return Draft(
            entity="person",
            title=pen("title.start"),
            fields=((pen("label.who"), guest.request.who),),
            note="\n".join(filter(None, (note, _plea(guest, pen)))),
        )
    offers = ("pending", "orders", "stock", "help") if guest.is_bound else ()
    return Draft(
        entity="person",
        title=pen("title.hello", name=member.name, role=pen.word("role", member.role)),
        note="\n".join(_next_steps(guest, pen, has_home=has_home)),
        offers=tuple(Offer(label=pen(f"button.{words}"), words=words) for words in offers),
    )


def _next_steps(guest: Guest, pen: Pen, *, has_home: bool) -> Iterator[str]:
    owner = guest.member is not None and guest.member.role is Role.owner
    if owner and not has_home and guest.request.chat_kind is not ChatKind.terminal:
        yield pen("note.group_next")
    if owner and guest.request.chat_kind is ChatKind.private:
        yield pen("note.escalates_here")
    yield pen("note.ready") if guest.is_bound else pen("note.not_bound")


def users_card(persons: Sequence[tuple[Person, str]], pen: Pen) -> Draft:
    """Everybody who may do anything, each with the word for what they did last."""
    return Draft(
        entity="users",
        title=pen("title.users", n=len(persons)),
        fields=tuple((person.name, _line(person, done, pen)) for person, done in persons[:MAX_FIELDS]),
        note=pen("note.users"),
        offers=tuple(
            Offer(label=f"m{person.id} {clip(person.name, NAME_ON_BUTTON)}", words=f"users m{person.id}")
            for person, _ in persons[:MAX_BUTTONS]
        ),
    )


def _line(person: Person, done: str, pen: Pen) -> str:
    last = f"{pen.ago(person.last_at)} {done}" if person.last_at is not None else ""
    parts = (f"m{person.id}", pen.word("role", person.role), tags_of(person), " ".join(person.ids), last)
    return " · ".join(filter(None, parts))


def person_card(person: Person, done: str, pen: Pen, *, granted: bool = False) -> Draft:
    """One person, with a button for each other role."""
    last = f"{pen.clock(person.last_at)} {done}" if person.last_at is not None else ""
    facts = (
        (pen("label.role"), pen.word("role", person.role)),
        (pen("label.tags"), tags_of(person)),
        (pen("label.ids"), " ".join(person.ids)),
        (pen("label.last_act"), last),
    )
    title = pen("title.granted" if granted else "title.person", id=person.id, name=person.name)
    return Draft(
        entity="member",
        entity_id=person.id,
        title=title,
        fields=tuple(fact for fact in facts if fact[1]),
        note=pen(MEANS[person.role]),
        offers=(
            *(Offer(label=pen(MAKE[role]), words=f"grant m{person.id} {role}") for role in _others(person)),
            Offer(label=pen("button.tags"), words=f"tag m{person.id}"),
            Offer(label=pen("button.revoke"), words=f"revoke m{person.id}", style=Style.danger),
            Offer(label=pen("button.users"), words="users"),
        ),
    )


def _others(person: Person) -> list[Role]:
    return [role for role in RANKS if role is not person.role]


def grant_question(who: str, name: str, words: str, pen: Pen) -> Draft:
    """Make somebody an owner?"""
    return Draft(
        entity="member",
        urgency=Urgency.urgent,
        title=pen("title.make_owner", name=name or who),
        fields=((pen("label.ids"), who),),
        note=pen(MEANS[Role.owner]),
        offers=(
            Offer(label=pen("button.make_owner_sure"), words=words, style=Style.danger, confirms=True),
            Offer(label=pen("button.no"), words="users"),
        ),
    )


def revoke_question(person: Person, pen: Pen) -> Draft:
    """Shut somebody out?"""
    return Draft(
        entity="member",
        entity_id=person.id,
        urgency=Urgency.urgent,
        title=pen("title.revoke", name=person.name),
        fields=((pen("label.role"), pen.word("role", person.role)), (pen("label.ids"), " ".join(person.ids))),
        note=pen("note.revoke"),
        offers=(
            Offer(label=pen("button.revoke_sure"), words=f"revoke m{person.id}", style=Style.danger, confirms=True),
            Offer(label=pen("button.no"), words="users"),
        ),
    )


def revoked_card(number: int, name: str, pen: Pen) -> Draft:
    """Somebody was shut out."""
    return Draft(
        entity="member",
        entity_id=number,
        title=pen("title.revoked", name=name),
        note=pen("note.revoked"),
        offers=(Offer(label=pen("button.users"), words="users"),),
    )


def lang_card(pen: Pen, locale: str | None, *, for_room: bool) -> Draft:
    """The language spoken: of the room, or to one person; None is whatever each person's app is in."""
    language = pen.word("language", locale or "auto")
    return Draft(
        entity="lang",
        title=pen("title.lang_room" if for_room else "title.lang_own", language=language),
        note=pen("note.lang_room" if for_room else "note.lang_own"),
        offers=tuple(
            Offer(label=pen.word("language", name), words=f"lang {name}")
            for name in ("zh", "en", "auto")
            if name != (locale or "auto")
        ),
    )
