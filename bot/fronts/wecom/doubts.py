"""What may stand in a chat already, unknown to us or in part: said again it is marked so (law 3)."""

from bot.cards.card import Card

UNSURE = 500


class Doubts:
    """Remembers cards whose saying went wrong on the way; `mark` are the words that stand before one said again."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._unsure: dict[tuple[str, str, int], None] = {}

    def mark(self, chat: str, card: Card) -> str:
        """The mark for a card that may have been shown there; empty for others, and for one that bears it already."""
        known = _key(chat, card) in self._unsure
        return self._mark if known and not card.title.startswith(self._mark) else ""

    def note(self, chat: str, card: Card) -> None:
        """A card may have been shown."""
        self._unsure[_key(chat, card)] = None
        while len(self._unsure) > UNSURE:
            del self._unsure[next(iter(self._unsure))]

    def settle(self, chat: str, card: Card) -> None:
        """It stands there now."""
        self._unsure.pop(_key(chat, card), None)


def _key(chat: str, card: Card) -> tuple[str, str, int]:
    return chat, card.ref, card.version
