"""The watchdog: notices when the event loop does not answer, and says what it was doing (issue: start, stop, upgrade).

A loop that stands still answers no button, no heartbeat and no buyer, and nothing inside of it can tell. So a thread of
its own looks at a beat that the loop keeps, and writes down where the loop's thread stands: files, lines and functions
alone, for what they were given may be secret (law 11).
"""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from types import FrameType

from core.values.vitals import Stall

log = logging.getLogger(__name__)

LONGEST_S = 1.0
"""Real seconds for which a loop may be busy with one thing."""
LOOKS = 4
"""Looks within that time."""
MOST_FRAMES = 25


class Watchdog:
    """Watches the loop it is started on. `last` is the last stall that is over."""

    def __init__(self, now: Callable[[], datetime], longest_s: float = LONGEST_S) -> None:
        """`now` is shop time, for the owner's eyes; `longest_s` is real."""
        self._now = now
        self.last: Stall | None = None
        self._longest_s = longest_s
        self._beat_s = 0.0
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin; to be called on the loop."""
        loop, place = asyncio.get_running_loop(), threading.get_ident()
        self._beat(loop)
        self._thread = threading.Thread(target=self._watch, args=(place,), name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; does not wait for the thread, which ends within a moment."""
        self._over.set()
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop answers: what it was busy with before, if that took too long, is over."""
        now_s = time.monotonic()
        if self._beat_s and now_s - self._beat_s > self._longest_s:
            self.last = Stall(at=self._now(), length_s=round(now_s - self._beat_s, 1))
            log.warning("the event loop answers again after %.1f s", now_s - self._beat_s)
        self._beat_s = now_s
        self._timer = loop.call_later(self._longest_s / LOOKS, self._beat, loop)

    def _watch(self, place: int) -> None:
        told_s = 0.0
        while not self._over.wait(self._longest_s / LOOKS):
            beat_s = self._beat_s
            if beat_s != told_s and time.monotonic() - beat_s > self._longest_s:
                told_s = beat_s
                frame = sys._current_frames().get(place)
                log.warning("the event loop does not answer; it stands in %s", " < ".join(_frames(frame)))


def _frames(frame: FrameType | None) -> Iterator[str]:
    """Where a thread stands, innermost first: never a value, never a line's text."""
    for _ in range(MOST_FRAMES):
        if frame is None:
            return
        code = frame.f_code
        yield f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}"
        frame = frame.f_back
