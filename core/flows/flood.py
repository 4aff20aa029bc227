"""Whether notices of one kind come too fast to be read one by one."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from core.rules.telling import can_fold
from core.values.notices import NoticeKind

WINDOW = timedelta(minutes=1)


class Flood:
    """Counts what was shown of each kind within a minute of shop time; a restart begins anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shown: defaultdict[NoticeKind, deque[datetime]] = defaultdict(deque)

    def took(self, kind: NoticeKind, now: datetime) -> None:
        """One was shown."""
        self._shown[kind].append(now)

    def is_on(self, kind: NoticeKind, now: datetime) -> bool:
        """Whether the next of this kind is to be counted instead of shown."""
        shown = self._shown[kind]
        while shown and now - shown[0] >= WINDOW:
            shown.popleft()
        return can_fold(kind) and len(shown) >= self._most
