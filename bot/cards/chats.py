"""A conversation with a buyer: who answers, what was said last, and the ways to step in."""

from collections.abc import Sequence

from bot.cards.card import BRIEF, MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clean, clip, mask_nick, mask_phones
from bot.cards.pen import Pen
from core.values.notices import NoticeKind, Urgency
from core.values.views import ChatLine, ChatView, Unsent

LINES_SHOWN = 8
LINE_SHOWN = 160
LIST_SHOWN = 12
LATEST_SHOWN = 40
SIGNS = {"buyer": "🙋", "us": "🤖", "owner": "🧑", "platform": "📣"}
"""Who spoke."""


def chat_card(
    view: ChatView,
    pen: Pen,
    *,
    lead: str = "",
    remark: str = "",
    hint: str = "",
    unsent: Unsent | None = None,
    kind: NoticeKind = BRIEF,
    urgency: Urgency = Urgency.normal,
) -> Draft:
    """A conversation as it stands. `lead` replaces the mode in the title, `remark` and `hint` frame what was said."""
    return Draft(
        entity="chat",
        entity_id=view.id,
        version=view.version,
        urgency=urgency,
        title=" · ".join((lead or _mode(view, pen), f"c{view.id}", mask_nick(view.buyer_nick))),
        fields=_facts(view, pen),
        note="\n".join(filter(None, (remark, *(_said(line, pen) for line in view.lines[-LINES_SHOWN:]), hint))),
        offers=(*_unsent(unsent, pen), *_offers(view, pen))[:MAX_BUTTONS],
        kind=kind,
    )


def _unsent(unsent: Unsent | None, pen: Pen) -> tuple[Offer, ...]:
    """What may be done about words that did not go out, or may have (law 3)."""
    if unsent is None:
        return ()
    again = Offer(label=pen("button.say_again"), words=f"resend {unsent.id} again")
    if not unsent.in_doubt:
        return (again,)
    return (
        Offer(label=pen("button.was_said"), words=f"resend {unsent.id} sent", style=Style.good),
        again,
        Offer(label=pen("button.leave_it"), words=f"resend {unsent.id} give_up"),
    )


def _mode(view: ChatView, pen: Pen) -> str:
    return pen("chat.human") if view.mode == "human" else pen("chat.auto")


def _facts(view: ChatView, pen: Pen) -> tuple[tuple[str, str], ...]:
    human = view.mode == "human"
    until = pen("chat.until", time=pen.clock(view.human_until)) if view.human_until else ""
    by = " · ".join(filter(None, (view.taken_by, until)))
    orders = " ".join(f"#{number}" for number in view.order_ids)
    facts = (
        (pen("label.goods"), view.item_title),
        (pen("label.account"), pen.seller(view.account)),
        (pen("label.orders"), orders),
        (pen("label.taken_by"), by if human else ""),
        (pen("label.blocked"), view.blocked_reason or ""),
    )
    return tuple(fact for fact in facts if fact[1])


def _said(line: ChatLine, pen: Pen) -> str:
    return f"{SIGNS.get(line.sender, '·')} {pen.clock(line.at)} {clip(mask_phones(clean(line.text, 400)), LINE_SHOWN)}"


def _offers(view: ChatView, pen: Pen) -> tuple[Offer, ...]:
    word = f"c{view.id}"
    mode = (
        Offer(label=pen("button.done"), words=f"done {word}", style=Style.good)
        if view.mode == "human"
        else Offer(label=pen("button.take_over"), words=f"takeover {word}", style=Style.good)
    )
    orders = tuple(Offer(label=f"#{number}", words=f"order #{number}") for number in view.order_ids[:2])
    buyer = (Offer(label=pen("button.buyer"), words=f"buyer b{view.buyer_id}"),) if view.buyer_id is not None else ()
    blocked = (Offer(label=pen("button.unblock"), words=f"unblock {word}"),) if view.blocked_reason else ()
    return (mode, *orders, *buyer, *blocked, Offer(label=pen("button.refresh"), words=f"chat {word}"))[:MAX_BUTTONS]


def say_hint(view: ChatView, pen: Pen) -> str:
    """How to speak to the buyer from here."""
    return pen("note.say", id=view.id)


def open_card(views: Sequence[ChatView], pen: Pen) -> Draft:
    """The conversations a person is in charge of."""
    left = len(views) - LIST_SHOWN
    return Draft(
        entity="chats",
        title=pen("title.chats", n=len(views)) if views else pen("title.chats_none"),
        fields=tuple((f"c{view.id}", _row(view, pen)) for view in views[:LIST_SHOWN]),
        note=pen("note.more", n=left) if left > 0 else "",
        offers=tuple(Offer(label=f"c{view.id}", words=f"chat c{view.id}") for view in views[:MAX_BUTTONS]),
    )


def latest_card(views: Sequence[ChatView], pen: Pen) -> Draft:
    """The conversations in which somebody spoke last, newest first, with what was said."""
    return Draft(
        entity="chats",
        title=pen("title.chats_latest", n=len(views)) if views else pen("title.chats_empty"),
        fields=tuple((f"c{view.id}", _latest(view, pen)) for view in views[:LIST_SHOWN]),
        note=pen("note.chats") if views else "",
        offers=tuple(Offer(label=f"c{view.id}", words=f"chat c{view.id}") for view in views[:MAX_BUTTONS]),
    )


def _latest(view: ChatView, pen: Pen) -> str:
    held = SIGNS["owner"] if view.mode == "human" else ""
    said = clip(_said(view.lines[-1], pen), LATEST_SHOWN) if view.lines else ""
    return " · ".join(
        filter(None, (held, mask_nick(view.buyer_nick), pen.seller(view.account), clip(view.item_title, 16), said))
    )


def _row(view: ChatView, pen: Pen) -> str:
    until = pen("chat.until", time=pen.clock(view.human_until)) if view.human_until else ""
    seller = pen.seller(view.account)
    facts = (mask_nick(view.buyer_nick), seller, clip(view.item_title, 30), _mode(view, pen), until)
    return " · ".join(filter(None, facts))
