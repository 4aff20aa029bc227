"""What is paused: until when, by whom, and what waits because of it."""

from datetime import datetime

from bot.cards.card import BRIEF, MAX_BUTTONS, Draft, Offer, Style
from bot.cards.pen import Pen
from core.values.backups import RESTORE
from core.values.notices import NoticeKind, Urgency
from core.values.views import Pause, PauseView

ROWS_SHOWN = 12


def pause_card(view: PauseView, pen: Pen, *, kind: NoticeKind = BRIEF) -> Draft:
    """The pauses that are on and what they hold up; of a restored shop what to do before it goes on."""
    return Draft(
        entity="pauses",
        urgency=Urgency.urgent if view.stopped else Urgency.normal,
        title=_title(view, pen),
        fields=tuple((scope_words(pause, pen), _row(pause, pen)) for pause in view.pauses[:ROWS_SHOWN]),
        note=_note(view, pen),
        offers=_offers(view, pen),
        kind=kind,
    )


def _title(view: PauseView, pen: Pen) -> str:
    if view.stopped:
        return pen("title.stopped")
    return pen("title.paused", n=len(view.pauses)) if view.pauses else pen("title.running")


def _note(view: PauseView, pen: Pen) -> str:
    restored = next((on for on in view.pauses if is_of_restore(on)), None)
    lines = (
        pen("note.stopped") if view.stopped else "",
        pen("note.restored", time=_made_at(restored, pen)) if restored else "",
        pen("note.backlog", n=view.due_waiting) if view.due_waiting and (view.pauses or view.stopped) else "",
    )
    return "\n".join(filter(None, lines))


def scope_words(pause: Pause, pen: Pen) -> str:
    """What a pause covers: everything, one product, one chat, one account, or the emergency stop."""
    if pause.scope == "account":
        return " ".join(row.name for row in pen.sellers.every if row.id == pause.entity_id) or f"a{pause.entity_id}"
    prefix = {"product": "p", "chat": "c"}.get(pause.scope, "")
    short = f"{prefix}{pause.entity_id}" if prefix else ""
    return " ".join(filter(None, (pen.word("scope", pause.scope), short)))


def _row(pause: Pause, pen: Pen) -> str:
    until = pen("pause.until", time=pen.clock(pause.until_at)) if pause.until_at else pen("pause.forever")
    if is_of_restore(pause):
        return " · ".join((until, pen("pause.restored", time=_made_at(pause, pen))))
    return " · ".join(filter(None, (until, pen("pause.by", who=pause.by, time=pen.clock(pause.at)), pause.reason)))


def is_of_restore(pause: Pause) -> bool:
    """Whether the shop began from a backup with this emergency stop; a person's stop has no reason."""
    return pause.scope == "stop" and pause.by == RESTORE and bool(pause.reason)


def _made_at(pause: Pause, pen: Pen) -> str:
    return pen.clock(datetime.fromisoformat(pause.reason))


def _offers(view: PauseView, pen: Pen) -> tuple[Offer, ...]:
    if view.stopped:
        return (Offer(label=pen("button.resume_all"), words="resume_all"),)
    if not view.pauses:
        return (
            Offer(label=pen("button.pause_30m"), words="pause_auto all 30m"),
            Offer(label=pen("button.pause_2h"), words="pause_auto all 2h"),
            Offer(label=pen("button.pause_forever"), words="pause_auto all"),
            Offer(label=pen("button.stop_all"), words="stop_all", style=Style.danger),
        )
    return tuple({scope_words(pause, pen): _resume(pause, pen) for pause in view.pauses}.values())[:MAX_BUTTONS]


def _resume(pause: Pause, pen: Pen) -> Offer:
    return Offer(label=pen("button.resume", scope=scope_words(pause, pen)), words=f"resume_auto {pause.id}")


def resume_question(view: PauseView, pen: Pen) -> Draft:
    """Leaving the emergency stop lets go what no other pause keeps: asked with the number, and what stays paused."""
    rest = tuple(pause for pause in view.pauses if pause.scope != "stop")
    kept = any(pause.scope == "all" for pause in rest)
    title = "title.resume_kept" if kept else "title.resume_most" if rest else "title.resume_all"
    return Draft(
        entity="pauses",
        urgency=Urgency.urgent,
        title=pen(title, n=view.due_waiting),
        fields=tuple((scope_words(pause, pen), _row(pause, pen)) for pause in rest[:ROWS_SHOWN]),
        note=pen("note.resume_kept") if rest else pen("note.resume_all"),
        offers=(
            Offer(
                label=pen("button.resume_stop") if rest else pen("button.resume_sure", n=view.due_waiting),
                words="resume_all",
                style=Style.danger,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words="pause_auto show"),
        ),
    )
