"""How much may be sent: 30 a minute and 1000 an hour per chat, replies and pushes together; 20 a minute a webhook."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.wecom.things import TOO_FAST


class Rate:
    """Counts sends of each chat in windows of the world's clock; TOO_FAST when one is full."""

    def __init__(self, now: Callable[[], datetime], windows: tuple[tuple[float, int], ...]) -> None:
        """`windows`: length in seconds and most sends in it."""
        self._now = now
        self._windows = windows
        self._sent: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=max(n for _, n in windows)))

    def count(self, key: str) -> None:
        """Count one send."""
        now_s, sent = self._now().timestamp(), self._sent[key]
        for length_s, most in self._windows:
            if len(sent) >= most and now_s - sent[-most] < length_s:
                raise TOO_FAST
        sent.append(now_s)
