"""The counter in the pretend WeCom."""

import asyncio
from typing import Any

from bot.fronts.wecom.front import Wecom
from bot.fronts.wecom.paint import short_verb
from bot.sandbox.wecom import WecomWorld
from tests.counter import Counter
from tests.flow import wecom_counter
from tests.flow.stands.stand import Real, Seen, until

OVERHEARD_S = 0.3
"""Real seconds in which a stranger's words in the group would have been answered: they are not even stored."""


class AtWecom(Real):
    name = "wecom"

    def __init__(self, c: Counter, world: WecomWorld) -> None:
        people = {"owner": "Boss", "operator": "ZhangSan", "viewer": "LiSi"}
        config = wecom_counter.settings(world)

        def build() -> Wecom:
            return Wecom(config, c.engine, times=wecom_counter.SHORT, settle_s=0.03)

        ids = {role: f"wecom:{user}" for role, user in people.items()}
        super().__init__(c, build, ids, wecom_counter.GROUP)
        self.world, self.users = world, {**people, "stranger": "WangWu"}

    def verb(self, label: str) -> str:
        return short_verb(label)

    async def listen(self) -> None:
        before = len(self.world.office.noted("subscribed"))
        await super().listen()
        await until(lambda: len(self.world.office.noted("subscribed")) > before)
        await until(lambda: self.listener._connection.is_up)

    async def type(self, words: str, who: str = "owner", *, private: bool = False) -> list[Seen]:
        mark, before, user = self.mark(), self.watched.served, self.users[who]
        await self.world.people.type(user if private else wecom_counter.CHAT, user, words)
        if who == "stranger" and not private:
            await asyncio.sleep(OVERHEARD_S)
        else:
            await self.served(before)
        return self.news(mark)

    async def press(self, seen: Seen, label: str, who: str = "owner") -> list[Seen]:
        mark, before, card = self.mark(), self.watched.served, seen.raw
        key = next(b["key"] for b in card["button_list"] if self.verb(label) in b["text"])
        await self.world.people.forge_click(wecom_counter.CHAT, card["task_id"], key, self.users[who])
        await self.served(before)
        return self.news(mark)

    async def reply(self, seen: Seen, words: str) -> list[Seen]:
        mark, before = self.mark(), self.watched.served
        await self.world.people.type(wecom_counter.CHAT, "Boss", words, quote=seen.words)
        await self.served(before)
        return self.news(mark)

    async def rest(self) -> None:
        """Its lines wait a moment for newer ones."""
        await until(lambda: not any(self.listener._lines._waiting.values()))

    def check(self) -> None:
        assert self.world.office.noted("refused") == []

    def mark(self) -> int:
        return len(self.world.office.record.entries)

    def news(self, mark: int) -> list[Seen]:
        return [seen for entry in self.world.office.record.entries[mark:] for seen in of_entry(entry)]


def of_entry(entry: dict[str, Any]) -> list[Seen]:
    """What an entry of the gateway's record shows."""
    if entry["kind"] == "card_updated":
        card = entry["card"]
        return [Seen(wecom_counter.words_of(card), _texts(card), True, bool(entry["for_"]), card)]
    if entry["kind"] == "stream" and entry["finish"]:
        return [Seen(entry["content"], raw={})]
    if entry["kind"] not in ("sent", "replied", "welcomed"):
        return []
    card = entry["body"].get("template_card", {})
    return [Seen(wecom_counter.text_of(entry["body"]), _texts(card), raw=card or entry["body"])]


def _texts(card: dict[str, Any]) -> tuple[str, ...]:
    return tuple(button["text"] for button in card.get("button_list", []))
