"""How the owner is told: loudness by event and kind, quiet hours, places, mutes, and what became of notices."""

from collections.abc import Mapping, Sequence

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.pen import Pen
from bot.cards.tags import word_of
from core.values.notices import Notice, NoticeKind, Urgency
from core.values.telling import Delivery, Event, EventView, KindLevel, Level, Mute, NotifyView, Outcome, QuietHours

Called = Mapping[NoticeKind, Sequence[str]]
"""The tags a kind of notice calls."""
PAGE = 4
"""Kinds with a button on a card; a button more leafs on, another goes back."""
MARKS = {Level.on: "🔔", Level.silent: "🔕", Level.off: "🚫"}
AFTER = {Level.on: Level.silent, Level.silent: Level.off, Level.off: Level.on}
"""What a tap makes of a level."""
OUTCOMES = {
    Outcome.told: "✅",
    Outcome.off: "🚫",
    Outcome.muted: "🔕",
    Outcome.folded: "📚",
    Outcome.gone: "👻",
    Outcome.failed: "🔴",
}
SIGNS = {"order": "#", "product": "p", "chat": "c", "keep": "k"}


def notify_card(view: NotifyView, pen: Pen, note: str = "") -> Draft:
    """Every event with its loudness and its place; a tap makes one louder or quieter."""
    return Draft(
        entity="notify",
        title=pen("title.notify"),
        fields=(
            *((pen.word("event", one.event), _event_row(one, pen)) for one in view.events),
            (pen("label.quiet"), _hours(view.quiet, pen)),
            *((pen("label.muted"), _mute_row(mute, pen)) for mute in view.mutes[:PAGE]),
        ),
        note="\n".join(filter(None, (note, pen("note.notify")))),
        offers=tuple(_event_offer(one, pen) for one in view.events[:MAX_BUTTONS]),
    )


def _event_row(one: EventView, pen: Pen) -> str:
    own = sum(kind.level is not one.level for kind in one.kinds if kind.level is not Level.silent)
    place = pen("notify.place", place=f"{one.route.chat} {one.route.topic or ''}".strip()) if one.route else ""
    return " · ".join(filter(None, (_level(one.level, pen), pen("notify.own", n=own) if own else "", place)))


def _level(level: Level, pen: Pen) -> str:
    return f"{MARKS[level]} {pen.word('level', level)}"


def _hours(hours: QuietHours | None, pen: Pen) -> str:
    return pen("notify.no_quiet") if hours is None else f"{_minute(hours.from_minute)}–{_minute(hours.to_minute)}"


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _next(level: Level, *, fixed: bool) -> Level:
    following = AFTER[level]
    return Level.on if fixed and following is Level.off else following


def _event_offer(one: EventView, pen: Pen) -> Offer:
    wanted = _next(one.level, fixed=one.fixed)
    return Offer(label=f"{pen.word('event', one.event)} {MARKS[wanted]}", words=f"notify {one.event} {wanted}")


def event_card(view: NotifyView, event: Event, pen: Pen, page: int = 0, *, called: Called) -> Draft:
    """The kinds of an event, a few with a button at a time; `called`: the tag a kind calls."""
    one = next(found for found in view.events if found.event is event)
    kinds = one.kinds[page * PAGE : (page + 1) * PAGE] or one.kinds[:PAGE]
    more = len(one.kinds) > PAGE
    leaf = (page + 1) % -(-len(one.kinds) // PAGE) + 1 if more else 0
    return Draft(
        entity="notify",
        title=pen("title.notify_event", event=pen.word("event", event)),
        fields=tuple((pen.word("kind", kind.kind), _kind_row(kind, called, pen)) for kind in one.kinds),
        note=pen("note.notify_event"),
        offers=(
            *(_kind_offer(kind, pen) for kind in kinds),
            *((Offer(label=pen("button.more"), words=f"notify {event} page{leaf}"),) if more else ()),
            Offer(label=pen("button.back"), words="notify"),
        ),
    )


def _kind_row(kind: KindLevel, called: Called, pen: Pen) -> str:
    tag = f"@{word_of(called[kind.kind], pen)}" if kind.kind in called else ""
    return " · ".join(filter(None, (_level(kind.level, pen), pen("notify.fixed") if kind.fixed else "", tag)))


def _kind_offer(kind: KindLevel, pen: Pen) -> Offer:
    wanted = _next(kind.level, fixed=kind.fixed)
    return Offer(label=f"{pen.word('kind', kind.kind)} {MARKS[wanted]}", words=f"notify {kind.kind} {wanted}")


def mutes_card(view: NotifyView, pen: Pen, note: str = "") -> Draft:
    """What is muted now, each with a button that ends it."""
    return Draft(
        entity="mutes",
        title=pen("title.mutes", n=len(view.mutes)) if view.mutes else pen("title.mutes_none"),
        fields=tuple((_scope(mute, pen), _mute_row(mute, pen, named=False)) for mute in view.mutes[:12]),
        note=note or pen("note.mutes"),
        offers=tuple(
            Offer(label=pen("button.unmute", scope=_scope(mute, pen)), words=f"unmute {mute.id}")
            for mute in view.mutes[:MAX_BUTTONS]
        ),
    )


def _scope(mute: Mute, pen: Pen) -> str:
    if mute.scope in SIGNS:
        return f"{SIGNS[mute.scope]}{mute.entity_id}"
    return pen.word(mute.scope, mute.word)


def _mute_row(mute: Mute, pen: Pen, *, named: bool = True) -> str:
    until = pen("notify.until", time=pen.clock(mute.until_at)) if mute.until_at else ""
    times = pen("notify.remaining", n=mute.remaining) if mute.remaining is not None else ""
    counted = pen("notify.counted", n=mute.muted) if mute.muted else ""
    return " · ".join(filter(None, (_scope(mute, pen) if named else "", until, times, counted, mute.by)))


def mute_over_card(mute: Mute, counted: Mapping[NoticeKind, int], pen: Pen) -> Draft:
    """A mute ended: how many it counted, and of what."""
    kinds = " · ".join(f"{pen.word('kind', kind)} {n}" for kind, n in counted.items())
    return Draft(
        entity="mute",
        entity_id=mute.id,
        title=pen("title.mute_over", scope=_scope(mute, pen), n=mute.muted),
        fields=((pen("label.muted"), kinds),) if kinds else (),
        offers=_list_offers(f"m{mute.id}", pen) if mute.muted else (),
        kind=NoticeKind.mute_over,
    )


def flood_card(notice: Notice, kind: str, pen: Pen) -> Draft:
    """Many of one kind at a time: how many, and where to see them."""
    return Draft(
        entity="notices",
        urgency=notice.urgency,
        title=pen("title.flood", kind=pen.word("kind", kind), n=notice.count),
        note=pen("note.flood"),
        offers=_list_offers(f"n{notice.id}", pen),
        kind=NoticeKind.flood,
    )


def _list_offers(which: str, pen: Pen) -> tuple[Offer, ...]:
    return (
        Offer(label=pen("button.list"), words=f"notify log {which}"),
        Offer(label=pen("button.pending"), words="pending"),
    )


def log_card(rows: Sequence[Delivery], pen: Pen, which: str = "") -> Draft:
    """The last notices, newest first, each with what became of it."""
    return Draft(
        entity="notify",
        title=pen("title.notify_log", n=len(rows)) if rows else pen("title.notify_log_none"),
        fields=tuple((pen.second(row.at)[-8:], _delivery(row, pen)) for row in rows),
        offers=(
            Offer(label=pen("button.refresh"), words=f"notify log {which}".strip()),
            Offer(label=pen("button.back"), words="notify"),
        ),
    )


def _delivery(row: Delivery, pen: Pen) -> str:
    thing = f"{SIGNS[row.entity]}{row.entity_id}" if row.entity in SIGNS else ""
    times = pen("notice.times", n=row.count) if row.count > 1 else ""
    became = f"{OUTCOMES[row.outcome]} {pen.word('outcome', row.outcome)}" if row.outcome else ""
    facts = (pen.word("kind", row.kind), thing, times, became, row.told_in or "", row.error)
    return " · ".join(filter(None, facts))


def sample_card(view: EventView, pen: Pen) -> Draft:
    """What an event looks and sounds like: marked, with buttons that do nothing."""
    return Draft(
        entity="event",
        urgency=Urgency.urgent if view.event is Event.approvals else Urgency.normal,
        title=pen("title.sample", event=pen.word("event", view.event)),
        fields=((pen("label.loudness"), _level(view.level, pen)),),
        note=pen("note.sample"),
        offers=(
            Offer(label=pen("button.sample"), words="notify sample", style=Style.good),
            Offer(label=pen("button.sample_2"), words="notify sample", style=Style.danger),
        ),
        kind=NoticeKind.sample,
    )
