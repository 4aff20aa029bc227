"""Accounts: how each is, and its troubles: a login that ended, a challenge, the orders it had before us."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.cards.card import BRIEF, MAX_BUTTONS, MAX_FIELDS, Draft, Offer, Style
from bot.cards.marks import ACCOUNT_MARKS
from bot.cards.pen import Pen
from core.values.logins import LoginState
from core.values.notices import NoticeKind, Urgency
from core.values.views import AccountHealth
from core.values.vitals import LineTrouble

TROUBLES = (NoticeKind.login_expired, NoticeKind.challenged)
"""States that only the owner can mend."""
SAID: frozenset[str] = frozenset({LineTrouble.unstable, LoginState.wrong_account})
"""Reasons the shop found itself; any other is the platform's own words."""


def accounts_card(accounts: Sequence[AccountHealth], pen: Pen) -> Draft:
    """Every account, those in trouble first: its state, since when, the last frame, the age of its login.

    Of many the healthy ones are a short line without a button: on a phone the others must be seen.
    """
    ordered = sorted(accounts, key=lambda account: account.state == "online")
    many = len(accounts) > MAX_BUTTONS // 2
    mended = [account for account in ordered if not many or account.state != "online"]
    offers = [offer for account in mended for offer in _mend(account, pen, named=len(accounts) > 1)]
    rows = [(f"a{one.id} {one.name}", _row(one, pen, brief=many)) for one in ordered] + [*_gone(pen)]
    left = len(rows) - MAX_FIELDS
    return Draft(
        entity="accounts",
        title=_how_many(accounts, pen) if accounts else pen("title.accounts_none"),
        fields=tuple(rows[:MAX_FIELDS]),
        note="\n".join(
            (*((pen("note.more", n=left),) if left > 0 else ()), *((pen("note.accounts"),) if many else ()))
        ),
        offers=tuple(offers[:MAX_BUTTONS]),
    )


def _gone(pen: Pen) -> Iterator[tuple[str, str]]:
    """Accounts that stand in the configuration no more: nothing is done with them, and nothing of theirs is lost."""
    for one in pen.sellers.gone:
        assert one.removed_at is not None
        yield f"a{one.id} {one.name}", pen("account.removed", time=pen.clock(one.removed_at))


def _how_many(accounts: Sequence[AccountHealth], pen: Pen) -> str:
    """How many there are; of several, how many in each state."""
    title = pen("title.accounts", n=len(accounts))
    if len(accounts) == 1:
        return title
    counts = Counter(ACCOUNT_MARKS.get(account.state, "⚪") for account in accounts)
    return " · ".join((title, *(f"{mark} {n}" for mark, n in counts.most_common())))


def _row(account: AccountHealth, pen: Pen, *, brief: bool) -> str:
    """Its shop where there are several, and how it is."""
    shop = next((row.shop for row in pen.sellers.rows if row.id == account.id), "")
    whose = shop if len(pen.sellers.shops) > 1 else ""
    well = brief and account.state == "online"
    age = pen("account.logged_in", ago=pen.ago(account.logged_in_at)) if account.logged_in_at else ""
    words = (_state(account, pen), age) if well else (_line(account, pen),)
    return " · ".join(filter(None, (whose, *words)))


def _line(account: AccountHealth, pen: Pen) -> str:
    since = pen("account.since", time=pen.clock(account.since_at)) if account.since_at else ""
    heard = pen("health.last_frame", ago=pen.ago(account.last_frame_at)) if account.last_frame_at else ""
    age = pen("account.logged_in", ago=pen.ago(account.logged_in_at)) if account.logged_in_at else ""
    ends = pen("account.login_ends", time=pen.clock(account.login_ends_at)) if account.login_ends_at else ""
    return " · ".join(filter(None, (_state(account, pen), why(account, pen), since, heard, age, ends)))


def why(account: AccountHealth, pen: Pen) -> str:
    """What holds the account up, in words: its calls rest, its line is left alone, or what the platform said."""
    if account.line.rests_since is not None:
        until = pen.clock(account.line.rests_until or pen.now)
        resting = pen("account.resting", reason=account.line.reason, time=until)
        return " · ".join(filter(None, (resting, pen("account.waiting", n=account.due) if account.due else "")))
    known: dict[str, str] = {
        LineTrouble.unstable: "account.unstable",
        LoginState.wrong_account: "account.wrong_account",
    }
    return pen(known[account.reason]) if account.reason in known else account.reason


def _state(account: AccountHealth, pen: Pen) -> str:
    return f"{ACCOUNT_MARKS.get(account.state, '⚪')} {pen.word('account_state', account.trouble)}"


def _mend(account: AccountHealth, pen: Pen, *, named: bool = False, style: Style = Style.plain) -> tuple[Offer, Offer]:
    """A new login by code, or another try with the one there is."""
    name = f" {account.name}" if named else ""
    return (
        Offer(label=pen("button.log_in") + name, words=f"login a{account.id}", style=style),
        Offer(label=pen("button.reconnect") + name, words=f"reconnect a{account.id}"),
    )


def trouble_card(account: AccountHealth, pen: Pen, *, kind: NoticeKind, urgency: Urgency, detail: str = "") -> Draft:
    """What stopped the account and what to do; the rest of the shop runs on."""
    well = account.state == "online"
    since = pen("account.since", time=pen.clock(account.since_at)) if account.since_at else ""
    return Draft(
        entity="account",
        entity_id=account.id,
        urgency=urgency,
        title=" · ".join(filter(None, (_state(account, pen), pen.seller(account.name)))),
        fields=tuple(f for f in ((pen("label.since"), since), *_why(account, pen, detail)) if f[1]),
        note=pen(f"note.{_advice(account, kind)}"),
        offers=(
            *(() if well else _mend(account, pen, style=Style.good)),
            Offer(label=pen("button.health"), words="health"),
        ),
        kind=kind,
    )


def _advice(account: AccountHealth, kind: NoticeKind) -> str:
    """What is wanted now; the copy of an answer, drawn again, knows only the account's state."""
    if account.state in ("online", "offline") or (kind is BRIEF and account.state not in TROUBLES):
        return "account_well" if account.state == "online" else "reconnecting"
    return account.state if kind is BRIEF else kind.value


def _why(account: AccountHealth, pen: Pen, page: str) -> tuple[tuple[str, str], ...]:
    """What the platform said, and the page on which it wants a person."""
    return (pen("label.reason"), why(account, pen)), (pen("label.open_page"), page)


def line_card(account: AccountHealth, pen: Pen, *, trouble: str, urgency: Urgency, fresh: bool) -> Draft:
    """The account's line is left alone for a while: why, and what to look at. Drawn again when well, it says so."""
    well = not fresh and account.state == "online" and account.line.rests_since is None
    return Draft(
        entity="account",
        entity_id=account.id,
        urgency=urgency,
        title=pen("title.line_well" if well else f"line_title.{trouble}", name=account.name),
        fields=() if well else ((pen("label.reason"), why(account, pen)),),
        note="" if well else pen(f"line_note.{trouble}"),
        offers=(*(() if well else _mend(account, pen)[1:]), Offer(label=pen("button.health"), words="health")),
        kind=NoticeKind.line_trouble,
    )


def ending_card(account: AccountHealth, pen: Pen, *, fresh: bool) -> Draft:
    """The login still works and will not for long; drawn again after a new one, it says so."""
    ends = pen("account.login_ends", time=pen.clock(account.login_ends_at)) if account.login_ends_at else ""
    return Draft(
        entity="account",
        entity_id=account.id,
        title=pen("title.login_ending" if fresh else "title.login_renewed", name=account.name),
        fields=((pen("label.since"), ends),) if ends else (),
        note=pen("note.login_ending") if fresh else "",
        offers=_mend(account, pen, style=Style.good)[:1] if fresh else (),
        kind=NoticeKind.login_ending,
    )


def reconnecting_card(account: AccountHealth, pen: Pen) -> Draft:
    """The shop connects the account anew; how it went stands in its card and in /health."""
    return Draft(
        entity="account",
        entity_id=account.id,
        title=pen("title.reconnecting", name=account.name),
        note=pen("note.reconnecting"),
        offers=(Offer(label=pen("button.health"), words="health"),),
    )


def first_connect_card(account: AccountHealth, pen: Pen, *, detail: str, urgency: Urgency) -> Draft:
    """Orders paid before the shop came: nothing of them is shipped until somebody chooses."""
    return Draft(
        entity="account",
        entity_id=account.id,
        urgency=urgency,
        title=pen("title.first_connect", name=account.name),
        fields=((pen("label.waiting"), detail),) if detail else (),
        note=pen("note.first_connect"),
        offers=(
            Offer(label=pen("button.by_hand"), words=f"first a{account.id} hand", style=Style.good),
            Offer(label=pen("button.all_auto"), words=f"first a{account.id} auto"),
            Offer(label=pen("button.list"), words="orders manual"),
        ),
        kind=NoticeKind.first_connect,
    )


def auto_question(account_id: int, name: str, count: int, pen: Pen) -> Draft:
    """Handing old orders to the automatic: asked with the number, since goods leave."""
    return Draft(
        entity="account",
        entity_id=account_id,
        title=pen("title.first_auto", name=name, n=count),
        note=pen("note.first_auto"),
        offers=(
            Offer(
                label=pen("button.auto_sure", n=count),
                words=f"first a{account_id} auto",
                style=Style.danger,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words=f"first a{account_id} hand"),
        ),
    )


def taken(account_id: int, count: int, pen: Pen, *, by_hand: bool) -> Draft:
    """What was chosen for the old orders."""
    key = "title.first_by_hand" if by_hand else "title.first_to_auto"
    return Draft(
        entity="account",
        entity_id=account_id,
        title=pen(key, n=count),
        offers=(Offer(label=pen("button.pending"), words="pending"),),
    )
