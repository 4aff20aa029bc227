"""The counter in a self-built app of the pretend WeCom: everybody 1:1, the group it made hears alerts alone."""

from bot.fronts.wecom.app import App
from bot.fronts.wecom.paint import short_verb
from bot.sandbox.wecom import WecomWorld
from tests.counter import Counter
from tests.flow import wecom_app_counter
from tests.flow.stands.stand import Real, Seen, until
from tests.flow.stands.wecom import of_entry


class AtApp(Real):
    name = "wecomapp"
    alone = True

    def __init__(self, c: Counter, world: WecomWorld) -> None:
        self.users = {"owner": "Boss", "operator": "ZhangSan", "viewer": "LiSi", "stranger": "WangWu"}
        config = wecom_app_counter.settings(world)

        def build() -> App:
            return App(config, c.engine, settle_s=0.03)

        ids = {role: f"wecomapp:{user}" for role, user in self.users.items() if role != "stranger"}
        super().__init__(c, build, ids, f"wecomapp:{world.app.group}")
        self.world = world

    @property
    def home(self) -> str:
        return self.ids["owner"]

    def verb(self, label: str) -> str:
        return short_verb(label)

    async def listen(self) -> None:
        await super().listen()
        await until(lambda: self.listener.listener.port)
        self.world.app.url = f"http://127.0.0.1:{self.listener.listener.port}/wecom/callback"

    async def type(self, words: str, who: str = "owner", *, private: bool = False) -> list[Seen]:
        mark, before = self.mark(), self.watched.served
        assert await self.world.app.type(self.users[who], words) == 200
        await self.served(before)
        return self.news(mark)

    async def press(self, seen: Seen, label: str, who: str = "owner") -> list[Seen]:
        mark, before, card = self.mark(), self.watched.served, seen.raw
        key = next(b["key"] for b in card["button_list"] if self.verb(label) in b["text"])
        assert await self.world.app.click(card["task_id"], key, self.users[who]) == 200
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
