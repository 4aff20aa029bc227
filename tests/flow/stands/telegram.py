"""The counter in the pretend Telegram."""

from typing import Any

from bot.fronts.telegram.front import Telegram
from bot.fronts.telegram.updates import id_of
from tests.counter import Counter
from tests.flow.stands.stand import Real, Seen, until
from tests.telegram_shop import settings_of


class AtTelegram(Real):
    name = "telegram"

    def __init__(self, c: Counter, street: Any) -> None:
        people = {"owner": street.boss, "operator": street.clerk, "viewer": street.viewer}
        config = settings_of(street)
        ids = {role: id_of(number) for role, number in people.items()}
        super().__init__(c, lambda: Telegram(config, c.engine), ids, id_of(street.group))
        self.street, self.numbers = street, {**people, "stranger": street.stranger}
        self._pressed: list[Any] = []

    async def listen(self) -> None:
        polls = self.street.world.updates.polls
        await super().listen()
        await until(lambda: self.street.world.updates.polls > polls)

    async def type(self, words: str, who: str = "owner", *, private: bool = False) -> list[Seen]:
        mark, number = self.mark(), self.numbers[who]
        self.street.world.people.type(number, number if private else self.street.group, words)
        await self.rest()
        return self.news(mark)

    async def press(self, seen: Seen, label: str, who: str = "owner") -> list[Seen]:
        mark = self.mark()
        data = next(data for verb, data in seen.data.items() if label in verb)
        pressed = self.street.world.people.press_data(self.numbers[who], seen.raw.chat_id, seen.raw.id, data)
        await self.street.world.screen.answer(pressed)
        await self.rest()
        words = pressed.answer["text"]
        return [*([Seen(words, aside=True, raw=pressed)] if words else []), *self.news(mark)]

    async def reply(self, seen: Seen, words: str) -> list[Seen]:
        mark = self.mark()
        self.said = self.street.world.people.type(self.street.boss, self.street.group, words, reply_to=seen.raw.id)
        await self.rest()
        return self.news(mark)

    async def rest(self) -> None:
        await until(lambda: not self.street.world.updates.waiting and not self.listener._lanes._last)

    def check(self) -> None:
        """Every card has its bold title (a refused one comes without), and nothing calls or links."""
        for one in self.street.world.screen.from_bot(self.street.group):
            kinds = {entity["type"] for entity in one.entities}
            assert "bold" in kinds or not one.words, one.words
            assert kinds <= {"bold", "code", "blockquote", "expandable_blockquote"}, one.words

    def mark(self) -> int:
        return int(self.street.world.cloud.version)

    def news(self, mark: int) -> list[Seen]:
        cloud = self.street.world.cloud
        shown = [one for one in cloud.messages.values() if one.version > mark and one.sender == cloud.bot.id]
        shown.sort(key=lambda one: one.version)
        found = [(one, _asking(one)) for one in shown]
        return [Seen(one.words, tuple(data), bool(one.edit_date), raw=one, data=data) for one, data in found]


def _asking(message: Any) -> dict[str, str]:
    """The buttons that ask the shop something and what they ask; one that copies a number is the platform's own."""
    return {button["text"]: button["callback_data"] for button in message.buttons if "callback_data" in button}
