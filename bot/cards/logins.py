"""A login by code, in the private room of whoever asked; and what a group hears of it."""

from bot.cards.card import Draft, Offer, Style
from bot.cards.pen import Pen
from bot.cards.qr import Sign, qr_picture, sign_picture
from core.values.logins import OVER, LoginState, LoginView
from core.values.notices import NoticeKind, Urgency

S = LoginState
MARKS = {
    S.asked: "⏳",
    S.waiting: "📷",
    S.scanned: "📱",
    S.checking: "🛡",
    S.done: "✅",
    S.expired: "⌛",
    S.cancelled: "✖",
    S.wrong_account: "🚫",
    S.failed: "❗",
}


def login_card(login: LoginView, pen: Pen) -> Draft:
    """The code while it lives, and what became of it."""
    fields = ((pen("label.account"), login.account), (pen("label.reason"), _why(login, pen)))
    return Draft(
        entity="login",
        entity_id=login.id,
        version=login.version,
        urgency=Urgency.normal,
        title=pen(f"login_title.{login.state}", mark=MARKS[login.state], name=login.account),
        fields=tuple(field for field in fields if field[1]),
        note=pen(f"login_note.{login.state}"),
        offers=_offers(login, pen),
        picture=_picture(login),
        code=login.code,
        secret=login.code is not None,
        kind=NoticeKind.login_code,
    )


def login_begun(login: LoginView, pen: Pen, *, here: bool) -> Draft:
    """The answer to whoever asked. In a group it says where the code is, and nothing of the code."""
    return Draft(
        entity="said",
        title=pen("title.login_begun" if here else "title.login_elsewhere", name=login.account),
        note="" if here else pen("note.login_elsewhere"),
    )


def _picture(login: LoginView) -> bytes | None:
    """The code while it lives; then a sign, which takes the code's place in a chat whose pictures stay pictures."""
    if login.code is not None:
        return qr_picture(login.code)
    sign = Sign.busy if login.state is S.scanned else Sign.done if login.state is S.done else Sign.over
    return sign_picture(sign) if login.state is S.scanned or login.state in OVER else None


def _why(login: LoginView, pen: Pen) -> str:
    return pen.word("login_detail", login.detail) if login.detail else ""


def _offers(login: LoginView, pen: Pen) -> tuple[Offer, ...]:
    if login.state is S.done:
        return (Offer(label=pen("button.accounts"), words="accounts"),)
    if login.state in OVER:
        return (Offer(label=pen("button.new_code"), words=f"login a{login.account_id}", style=Style.good),)
    return ()
