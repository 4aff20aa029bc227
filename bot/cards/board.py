"""The dashboard: the whole shop on one card that stays on top of its chat."""

from datetime import datetime

from bot.cards.card import Draft, Offer
from bot.cards.marks import ACCOUNT_MARKS
from bot.cards.pauses import scope_words
from bot.cards.pen import Pen
from core.clock import to_ms
from core.values.board import BoardView
from core.values.notices import Urgency
from core.values.sellers import Part
from core.values.views import DayNumbers, Pause

ACCOUNTS_SHOWN = 6
MARKS = {"risk": "🟠", "failed": "🔴", "unknown": "❓", "manual": "🟡", "short": "📭", "held": "✋"}


def board_card(
    view: BoardView, pen: Pen, *, follows: bool = True, before: tuple[str, ...] = (), part: Part | None = None
) -> Draft:
    """The shop as it is now, or a part of it. `follows` where the message can be edited; `before` are boards it stands
    in for."""
    whose = f" {part.word}" if part else ""
    once = pen("board.part") if part else pen("board.once")
    return Draft(
        entity="board" if follows else "board_once",
        entity_id=1,
        version=to_ms(pen.now),
        urgency=Urgency.quiet,
        title=" · ".join(filter(None, (_title(view, pen), part.name if part else ""))),
        fields=tuple(
            line
            for line in (
                (pen("board.today"), _today(view.today, pen)),
                (pen("board.waiting"), _counts(view.waiting, pen) or pen("board.none")),
                (pen("board.orders"), _counts(view.orders, pen) or pen("board.none")),
                (pen("board.pauses"), " · ".join(_pause(pause, pen) for pause in view.pauses)),
                (pen("board.accounts"), _accounts(view.accounts, pen)),
                (pen("board.books"), "" if view.books == "ok" else f"❗ {view.books}"),
            )
            if line[1]
        ),
        note=pen("board.as_of", time=pen.clock(pen.now)) if follows else once,
        offers=(
            Offer(label=pen("button.pending"), words=f"pending{whose}"),
            Offer(label=pen("button.orders"), words=f"orders{whose}"),
            Offer(label=pen("button.kpi"), words=f"kpi{whose}"),
        ),
        pin=follows,
        unpin=before,
    )


def _title(view: BoardView, pen: Pen) -> str:
    state = "board.stopped" if view.stopped else "board.paused" if view.pauses else "board.running"
    waiting = sum(view.waiting.values())
    return " · ".join(filter(None, (pen("board.title"), pen(state), pen("board.to_do", n=waiting) if waiting else "")))


def _today(numbers: DayNumbers, pen: Pen) -> str:
    shipped = numbers.shipped_auto + numbers.shipped_by_hand
    return pen("board.sold", paid=numbers.paid, amount=pen.money(numbers.revenue_fen), shipped=shipped)


def _counts(counts: dict[str, int], pen: Pen) -> str:
    return " · ".join(f"{MARKS.get(name, '')} {pen.word('filter', name)} {n}".strip() for name, n in counts.items())


def _pause(pause: Pause, pen: Pen) -> str:
    until = pen("pause.until", time=pen.clock(pause.until_at)) if pause.until_at else pen("pause.forever")
    return f"{scope_words(pause, pen)} {until}"


def _accounts(accounts: tuple[tuple[str, str], ...], pen: Pen) -> str:
    shown = (f"{ACCOUNT_MARKS.get(state, '')} {name} {pen.word('account_state', state)}" for name, state in accounts)
    return " · ".join(list(shown)[:ACCOUNTS_SHOWN])


def down_card(before: tuple[str, ...], pen: Pen, at: datetime) -> Draft:
    """The dashboard is taken down."""
    return Draft(entity="said", title=pen("board.down"), note=pen("board.down_note", time=pen.clock(at)), unpin=before)
