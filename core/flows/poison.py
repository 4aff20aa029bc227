"""Which notice a chat will never take: one that is refused again and again while the chat takes all others."""

from collections import Counter

REFUSED = "chat_refused"
"""Why a chat did not take a card: this very one, and no repeat would change that."""
MOST_REFUSALS = 3
"""A notice is given up that its chat refused so often while it took others in between."""


class Poison:
    """Counts refusals. A chat that refuses everything is at fault itself: what waits for it goes on waiting."""

    def __init__(self) -> None:
        self._took: Counter[str] = Counter()
        self._refusals: dict[tuple[int, str], tuple[int, int]] = {}
        """(notice, chat) → how often it was refused, and how many others the chat had taken by the last time."""

    def took(self, notice_id: int, chat: str) -> None:
        """A chat took a notice."""
        self._took[chat] += 1
        self._refusals.pop((notice_id, chat), None)

    def is_in(self, notice_id: int, chat: str, error_key: str) -> bool:
        """A chat did not take a notice: whether it never will."""
        if error_key != REFUSED:
            return False
        times, took = self._refusals.get((notice_id, chat), (0, -1))
        if self._took[chat] > took:
            times, took = times + 1, self._took[chat]
        self._refusals[notice_id, chat] = times, took
        return times >= MOST_REFUSALS
