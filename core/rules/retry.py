"""What to do about an effect that did not simply succeed: again, give up, ask the platform, or wait for the owner."""

from enum import StrEnum

from core.config import Retry
from core.errors import MarketDown, NeedsOwner, Refused, Resting, Transient, Unknown
from core.values import Value
from core.values.fulfilment import ErrorClass

OWNER_WAIT_S = 60.0
"""How long what waits for the owner is left alone before it is looked at again."""

LONGEST_WISH_S = 3600.0
"""So long is heeded what the other side wishes; a number without sense must not put an order off for ever."""


class Verdict(StrEnum):
    """What follows."""

    again = "again"
    """Nothing happened; another attempt at a later time."""
    give_up = "give_up"
    ask_platform = "ask_platform"
    """It may have happened: find out first (law 3)."""
    wait_for_owner = "wait_for_owner"
    """The account is paused; the attempt does not count."""
    wait = "wait"
    """The account's calls rest: nothing was asked, so the attempt does not count."""


class Decision(Value):
    """The verdict, the wait before another attempt, and the class of the error."""

    verdict: Verdict
    delay_s: float = 0.0
    error_class: ErrorClass


def decide(error: Exception, attempts: int, retry: Retry, dice: float) -> Decision:
    """`attempts` counts the one that just failed; `dice` in 0–1 spreads the waits. Business errors never come again."""
    if isinstance(error, Unknown):
        return Decision(verdict=Verdict.ask_platform, error_class=ErrorClass.unknown)
    if isinstance(error, NeedsOwner):
        return Decision(verdict=Verdict.wait_for_owner, delay_s=OWNER_WAIT_S, error_class=ErrorClass.login)
    if isinstance(error, Resting):
        delay_s = error.retry_after_s or 0.0
        return Decision(verdict=Verdict.wait, delay_s=delay_s, error_class=ErrorClass.network)
    if isinstance(error, Refused):
        return Decision(verdict=Verdict.give_up, error_class=ErrorClass.business)
    error_class = ErrorClass.network if isinstance(error, MarketDown) else ErrorClass.api
    if attempts >= retry.attempts:
        return Decision(verdict=Verdict.give_up, error_class=error_class)
    wished = error.retry_after_s if isinstance(error, Transient) else None
    delay_s = max(wait_s(attempts, retry, dice), min(wished or 0.0, LONGEST_WISH_S))
    return Decision(verdict=Verdict.again, delay_s=delay_s, error_class=error_class)


def wait_s(attempts: int, retry: Retry, dice: float) -> float:
    """The wait after so many attempts, varied by the jitter in both directions, in seconds."""
    plain = min(retry.first_delay_s * retry.factor ** (attempts - 1), retry.max_delay_s)
    return plain * (1 + retry.jitter * (2 * dice - 1))
