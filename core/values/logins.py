"""Logging an account in by a code its owner scans."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from core.values import Value
from core.values.ids import AccountId


class LoginState(StrEnum):
    """How far a login by code is. The last five are its ends."""

    asked = "asked"
    """Somebody wants a code; none is there yet."""
    waiting = "waiting"
    """A code waits to be scanned."""
    scanned = "scanned"
    """It was scanned; the phone asks whether to allow the login."""
    checking = "checking"
    """The platform asks for a second factor: another code, and a face before the phone."""
    done = "done"
    expired = "expired"
    cancelled = "cancelled"
    wrong_account = "wrong_account"
    """Another account scanned it: its login was thrown away."""
    failed = "failed"


OVER = frozenset(
    {LoginState.done, LoginState.expired, LoginState.cancelled, LoginState.wrong_account, LoginState.failed}
)
"""States nothing follows."""


class LoginStep(Value):
    """What a login has come to. `code` is what the QR code to be scanned says: a secret for as long as it lives."""

    state: LoginState
    code: str | None = Field(None, repr=False)
    detail: str = ""
    """Why it failed, as a key of bot/texts or the platform's own words."""


class LoginView(Value):
    """A login by code as its card shows it; `version` grows with every step."""

    id: int
    account_id: AccountId
    account: str
    state: LoginState
    version: int
    chat: str
    """The private room its code is shown in."""
    code: str | None = Field(None, repr=False)
    detail: str = ""
    asked_at: datetime
    changed_at: datetime
