"""The chats the shop is let into, and leaves."""

from bot.cards.card import MAX_BUTTONS, MAX_VERB, Draft, Offer, Style
from bot.cards.pen import Pen
from core.values.notices import Urgency


def bound_card(title: str, owner: str, pen: Pen, *, reachable: bool) -> Draft:
    """This group is the shop's; next comes the owner's private chat (`reachable`), where urgent things go."""
    facts = ((pen("label.group"), title), (pen("role.owner"), owner))
    return Draft(
        entity="room",
        title=pen("title.bound"),
        fields=tuple(fact for fact in facts if fact[1]),
        note=pen("note.bound") if reachable else f"{pen('note.press_start')}\n{pen('note.bound')}",
        offers=(
            Offer(label=pen("button.help"), words="help"),
            Offer(label=pen("button.health"), words="health"),
            Offer(label=pen("button.users"), words="users"),
        ),
    )


def owner_card(name: str, pen: Pen) -> Draft:
    """The code was typed in private: its person is an owner, and a group comes next."""
    return Draft(entity="room", title=pen("title.owner_now", name=name), note=pen("note.group_next"))


def room_card(shop: str | None, pen: Pen) -> Draft:
    """Whose alerts come here first; a button for each other shop."""
    others = [one for one in pen.sellers.shops if one != shop] if len(pen.sellers.shops) > 1 else []
    every = (Offer(label=pen("button.every_shop"), words="room all"),) if shop else ()
    return Draft(
        entity="room",
        title=pen("title.room", shop=shop) if shop else pen("title.room_all"),
        note=pen("note.room"),
        offers=(*every, *(Offer(label=one[:MAX_VERB], words=f"room shop:{one}") for one in others))[:MAX_BUTTONS],
    )


def unbind_question(others: int, pen: Pen) -> Draft:
    """Leave this group? `others` chats are left for alerts."""
    return Draft(
        entity="room",
        urgency=Urgency.urgent,
        title=pen("title.unbind"),
        note=pen("note.unbind") if others > 0 else f"{pen('note.unbind_last')}\n{pen('note.unbind')}",
        offers=(
            Offer(label=pen("button.unbind_sure"), words="unbind", style=Style.danger, confirms=True),
            Offer(label=pen("button.no"), words="cancel"),
        ),
    )


def unbound_card(pen: Pen) -> Draft:
    """The shop is silent here from now on."""
    return Draft(entity="room", title=pen("title.unbound"), note=pen("note.unbound"))
