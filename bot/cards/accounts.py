"""Accounts: how each is, and its troubles: a login that ended, a challenge, the orders it had before us."""

from collections.abc import Sequence

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.marks import ACCOUNT_MARKS
from bot.cards.pen import Pen
from core.values.notices import NoticeKind, Urgency
from core.values.views import AccountHealth


def accounts_card(accounts: Sequence[AccountHealth], pen: Pen) -> Draft:
    """Every account, those in trouble first: its state, since when, the last frame, the age of its login."""
    ordered = sorted(accounts, key=lambda account: account.state == "online")
    named = len(accounts) > 1
    offers = [offer for account in ordered for offer in _mend(account, pen, named=named)]
    return Draft(
        entity="accounts",
        title=pen("title.accounts", n=len(accounts)) if accounts else pen("title.accounts_none"),
        fields=tuple((f"a{account.id} {account.name}", _line(account, pen)) for account in ordered),
        note=pen("note.accounts") if len(accounts) > MAX_BUTTONS // 2 else "",
        offers=tuple(offers[:MAX_BUTTONS]),
    )


def _line(account: AccountHealth, pen: Pen) -> str:
    since = pen("account.since", time=pen.clock(account.since_at)) if account.since_at else ""
    heard = pen("health.last_frame", ago=pen.ago(account.last_frame_at)) if account.last_frame_at else ""
    age = pen("account.logged_in", ago=pen.ago(account.logged_in_at)) if account.logged_in_at else ""
    ends = pen("account.login_ends", time=pen.clock(account.login_ends_at)) if account.login_ends_at else ""
    return " · ".join(filter(None, (_state(account, pen), account.reason, since, heard, age, ends)))


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
    well, waits = account.state == "online", account.state == "offline"
    note = "note.account_well" if well else "note.reconnecting" if waits else f"note.{kind}"
    since = pen("account.since", time=pen.clock(account.since_at)) if account.since_at else ""
    return Draft(
        entity="account",
        entity_id=account.id,
        urgency=urgency,
        title=" · ".join(filter(None, (_state(account, pen), pen.seller(account.name)))),
        fields=tuple(f for f in ((pen("label.since"), since), (pen("label.reason"), account.reason or detail)) if f[1]),
        note=pen(note),
        offers=(
            *(() if well else _mend(account, pen, style=Style.good)),
            Offer(label=pen("button.health"), words="health"),
        ),
        kind=kind,
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
