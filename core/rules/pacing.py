"""When an answer to a buyer is due, and how long a person would type it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from core.config import Limits, Replies

T = TypeVar("T")


def answer_due_at(now: datetime, burst_from: datetime, replies: Replies) -> datetime:
    """After the debounce, but not later than its maximum from the burst's first message."""
    wait = now + timedelta(seconds=replies.debounce_s)
    latest = burst_from + timedelta(seconds=replies.debounce_max_s)
    return max(now, min(wait, latest))


def typing_s(text: str, replies: Replies) -> float:
    """Seconds a person takes to type a text."""
    return min(len(text) * replies.typing_s_per_char, replies.typing_max_s)


def next_write_at(now: float, written: Sequence[float], limits: Limits) -> float:
    """When an account may write next, given the instants of its writes in the last minute, oldest first (seconds).

    Writes of the future were made before the clock was put back: nobody waits until then.
    """
    times, written = [now], [at for at in written if at <= now]
    if written:
        times.append(written[-1] + 1.0 / limits.writes_per_s)
    if len(written) >= limits.writes_per_minute:
        times.append(written[-limits.writes_per_minute] + 60.0)
    return max(times)


def take_turns(words: Sequence[T], goods: Sequence[T], *, words_last: bool) -> list[T]:
    """An account's writes in the order of their going out: words somebody waits for and goods that were paid, in turn.

    Each line oldest first. Neither waits for the other's end: after hours away hundreds of orders are to be shipped
    while buyers talk, and a talkative hour must not hold up what was paid. `words_last`: whose turn it was last.
    """
    first, second = (goods, words) if words_last else (words, goods)
    return [one for pair in zip_longest(first, second) for one in pair if one is not None]
