"""How the shop is. What is wrong stands first; what is well is one line."""

from collections.abc import Iterator

from bot.cards.accounts import why
from bot.cards.card import Draft, Offer
from bot.cards.marks import ACCOUNT_MARKS
from bot.cards.pauses import scope_words
from bot.cards.pen import Pen
from core.values.health import Health
from core.values.notices import Urgency
from core.values.views import AccountHealth
from core.values.vitals import Remark

FULL = 0.8
"""A queue filled to this share is told of."""
APART_S = 30.0
"""A clock further from the platform's is told of."""
LATE_S = 60.0
"""A waiting thing older than this is late, and an account away for longer is down."""
STOPPED = ("login_expired", "challenged")

Fields = Iterator[tuple[str, str]]


def health_card(health: Health, pen: Pen) -> Draft:
    """The shop's state: accounts, what waits, what is broken, the books."""
    wrong = tuple(_wrong(health, pen))
    return Draft(
        entity="health",
        urgency=Urgency.urgent if wrong else Urgency.normal,
        title=pen("title.health_wrong", n=len(wrong)) if wrong else pen("title.health_ok"),
        fields=(
            *wrong,
            *(_account(one, pen) for one in health.accounts if not _is_down(one, pen)),
            *_heard(health, pen),
            *_waits(health, pen),
            *_facts(health, pen),
        ),
        offers=(
            Offer(label=pen("button.refresh"), words="health"),
            Offer(label=pen("button.pending"), words="pending"),
        ),
    )


def _wrong(health: Health, pen: Pen) -> Fields:
    yield from _still(health, pen)
    for name, state in health.children.items():
        if state != "ok":
            yield pen("label.broken"), f"{name} · {state}"
    if health.books != "ok":
        yield pen("label.books"), health.books
    if health.model not in ("ok", "off"):
        yield pen("label.model"), health.model
    if health.unknown:
        yield pen("label.unknown"), pen("health.unknown", n=health.unknown)
    if (health.oldest_notice_s or 0) > LATE_S:
        yield pen("label.notices"), pen("health.notice_late", span=pen.span(health.oldest_notice_s or 0))
    if health.notices_failed:
        yield pen("label.notices"), pen("health.notices_failed", n=health.notices_failed)
    for text, backlog, limit in _queues(health, pen):
        if backlog >= FULL * limit:
            yield pen("label.full"), text
    if (health.outbox_late_s or 0) > LATE_S:
        yield pen("label.outbox"), pen("health.outbox_late", span=pen.span(health.outbox_late_s or 0))
    yield from (_account(account, pen) for account in health.accounts if _is_down(account, pen))
    yield from _clock(health, pen)
    for remark in health.remarks:
        yield _front_name(remark.front, pen), _remark(remark, pen)
    for pause in health.paused:
        yield pen("label.paused"), scope_words(pause, pen)


def _is_down(account: AccountHealth, pen: Pen) -> bool:
    """Whether it sells nothing now: it has no login that works, nobody answers, or its line is gone for a while."""
    gone_s = (pen.now - account.since_at).total_seconds() if account.since_at else 0.0
    away = account.state == "offline" and gone_s > LATE_S
    return away or account.state in STOPPED or account.line.rests_since is not None


def _clock(health: Health, pen: Pen) -> Fields:
    """The machine's clock when it is far from a platform's."""
    told = [one.line.ahead_s for one in health.accounts if one.line.ahead_s is not None]
    apart = max(told, key=abs, default=0.0)
    if abs(apart) > APART_S:
        yield pen("label.clock"), pen("clock.slow" if apart > 0 else "clock.fast", seconds=round(abs(apart)))


def _account(account: AccountHealth, pen: Pen) -> tuple[str, str]:
    seen = pen("health.last_frame", ago=pen.ago(account.last_frame_at)) if account.last_frame_at else ""
    state = f"{ACCOUNT_MARKS.get(account.state, '⚪')} {pen.word('account_state', account.trouble)}"
    return account.name, " · ".join(filter(None, (state, why(account, pen), seen)))


def _front_name(front: str, pen: Pen) -> str:
    return pen.word("part", front)


def _remark(remark: Remark, pen: Pen) -> str:
    """A front's trouble, with what to do about it, and since when."""
    words = pen(f"front.{remark.key}", about=remark.about, detail=remark.detail)
    return f"{words} · {pen.ago(remark.since_at)}"


def _heard(health: Health, pen: Pen) -> Fields:
    for front, at in health.heard_at.items():
        yield _front_name(front, pen), pen("health.heard", ago=pen.ago(at))


def _waits(health: Health, pen: Pen) -> Fields:
    queues = [text for text, _, _ in _queues(health, pen)]
    yield pen("label.waiting"), " · ".join((*queues, pen("health.outbox", n=health.outbox_waiting)))


def _queues(health: Health, pen: Pen) -> Iterator[tuple[str, int, int]]:
    """Each bounded queue in words, how much waits in it, and its limit."""
    chats, orders, notices = health.chat_backlog, health.order_backlog, health.notice_backlog
    yield pen("health.chats", n=chats, limit=health.chat_limit), chats, health.chat_limit
    yield pen("health.orders", n=orders, limit=health.order_limit), orders, health.order_limit
    yield pen("health.notices", n=notices, limit=health.notice_limit), notices, health.notice_limit


def _facts(health: Health, pen: Pen) -> Fields:
    if health.books == "ok":
        checked = f" · {pen.ago(health.books_checked_at)}" if health.books_checked_at else ""
        yield pen("label.books"), pen("health.books_ok") + checked
    if health.is_running and health.model in ("ok", "off"):
        yield pen("label.model"), pen.word("model_state", health.model)
    if health.stall is not None:
        length = pen("health.stall", seconds=f"{health.stall.length_s:.1f}", ago=pen.ago(health.stall.at))
        yield pen("label.stall"), length
    if health.quarantined or health.unknown_records:
        yield pen("label.odd"), pen("health.odd", n=health.quarantined, m=health.unknown_records)
    up = pen("health.up", span=_up(health, pen)) if health.is_running else ""
    yield pen("label.version"), " · ".join(filter(None, (health.version or "–", up)))


def _still(health: Health, pen: Pen) -> Fields:
    """No shop runs on the file, and since when."""
    if not health.is_running:
        ago = pen.ago(health.heartbeat_at) if health.heartbeat_at else "–"
        yield pen("label.running"), pen("health.not_running", ago=ago)


def _up(health: Health, pen: Pen) -> str:
    return pen.span((pen.now - health.started_at).total_seconds())
