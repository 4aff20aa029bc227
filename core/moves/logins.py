"""An account is logged in by a code: asked for once, shown in one private room, followed to its end."""

from core.moves import acts
from core.moves.cause import Cause
from core.moves.notices import redraw, tell
from core.store.db import Tx
from core.values.logins import OVER, LoginState, LoginStep
from core.values.notices import NoticeKind

S = LoginState


def ask(tx: Tx, cause: Cause, account_id: int, chat: str) -> int:
    """Begin a login whose code goes to a private room; its id.

    One that runs already is shown there (again), and there alone: the room it stood in loses its code.
    """
    running = tx.one("logins.running", account_id=account_id)
    if running is None:
        login_id = tx.insert("logins.add", account_id=account_id, chat=chat, now=cause.now_ms)
        acts.record(tx, cause, "log_in", "account", account_id, after=login_id)
        return login_id
    login_id, version = int(running["id"]), int(running["version"])
    if running["chat"] != chat:
        acts.record(tx, cause, "log_in", "account", account_id, before=running["chat"], after=login_id)
        tx.run("logins.show_in", id=login_id, chat=chat)
        redraw(tx, cause, "login", login_id, version + 1)
    if tx.one("logins.has_code", id=login_id) is not None:
        _show(tx, cause, login_id, chat, version, again=cause.now_ms)
    return login_id


def note(tx: Tx, cause: Cause, login_id: int, step: LoginStep) -> None:
    """A login went on: a code is shown as a card of its own, anything else changes the cards that stand."""
    row = tx.one("logins.find", id=login_id)
    code = tx.vault.seal(step.code) if step.code else None
    facts = {"state": step.state.value, "code": code, "detail": step.detail[:100]}
    if row is None or not tx.run("logins.step", id=login_id, now=cause.now_ms, **facts):
        return
    version = row["version"] + 1
    redraw(tx, cause, "login", login_id, version)
    if code is not None or (step.state in OVER and row["state"] == S.asked):
        _show(tx, cause, login_id, row["chat"], version)
    if step.state is S.done:
        redraw(tx, cause, "account", row["account_id"], cause.now_ms)


def _show(tx: Tx, cause: Cause, login_id: int, chat: str, version: int, again: int = 0) -> None:
    once = f"{version}:{again}"
    tell(tx, cause, NoticeKind.login_code, "login", login_id, version=version, once=once, chat=chat)
