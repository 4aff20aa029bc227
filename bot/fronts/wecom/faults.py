"""What WeCom says instead of doing what it was asked, and how the connection is."""

from enum import StrEnum

BAD_CREDENTIALS = frozenset({853000})
CONFLICT = 6000
WRONG_REPLY = frozenset({846605, 846608, 846609})
"""The callback cannot be answered (any more), or not in this way; a push still can be sent."""
CHAT_CLOSED = frozenset({846607, 93006})
"""Nobody spoke to the robot in this chat, or there is no such chat."""
TOO_FAST = frozenset({45009, 45033})
TASK_ID_REUSED = 42014
STALE_TOKEN = frozenset({40001, 40014, 42001})
SYSTEM_BUSY = -1
NOT_TRUSTED = 60020
"""The caller's address is not on the app's list of trusted ones."""
AWAY = STALE_TOKEN | {SYSTEM_BUSY, NOT_TRUSTED}
"""Refusals that say nothing of the message: the same one may go later."""


class Code(StrEnum):
    """How the connection is now."""

    up = "up"
    down = "down"
    kicked = "kicked"
    credentials = "credentials"


class Rejected(Exception):
    """The gateway refused a command, with an errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg[:80]}")
        self.errcode = errcode
