"""The office of `demo --front wecom`: a pretend WeCom with the shop's group in it, bound, and a window to see it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.demo.stage import Stage
from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.things import Json
from core.run import open_shop
from core.values.people import ChatKind, Role

CONFIG = """
[wecom.aibot]
bot_id = "{bot_id}"
secret = "{secret}"
ws_url = "{ws_url}"
"""
OWNER, NAME = "LaoBan", "老板"
LOOK_S = 0.05
GONE = "（这个按钮已经没有了 / that button is gone）"


@asynccontextmanager
async def open_office(stage: Stage) -> AsyncIterator[WecomWorld]:
    """Serve it beside the marketplace of a stage, and configure the stage's shop with it."""
    async with WecomWorld.open(clock=stage.world.market.clock, record=stage.folder / "wecom.jsonl") as wecom:
        group = wecom.office.add_group()
        wecom.office.chat(group).spoken = True
        text = CONFIG.format(bot_id=wecom.bot_id, secret=wecom.secret, ws_url=wecom.addresses["wecom_ws"])
        with stage.config_file.open("a", encoding="utf-8") as file:
            file.write(text)
        async with open_shop(stage.config) as shop:
            await shop.engine.people.keep(f"wecom:{OWNER}", NAME, Role.owner)
            await shop.engine.rooms.bind(f"wecom:{group}", ChatKind.group, NAME)
        yield wecom


class Window:
    """The group as lines, its buttons numbered; the owner's words go there with the mention, a number presses."""

    def __init__(self, wecom: WecomWorld, says: Callable[[str], None]) -> None:
        self._wecom = wecom
        self._group = wecom.office.add_group()
        self._says = says
        self._buttons: list[tuple[str, str]] = []
        self._words = ""
        self._seen = len(wecom.office.record.entries)

    async def watch(self) -> None:
        """Say what comes, for ever."""
        while True:
            entries = self._wecom.office.record.entries
            for entry in entries[self._seen :]:
                self._seen += 1
                for line in self._lines(entry):
                    self._says(line)
            await asyncio.sleep(LOOK_S)

    async def type(self, entry: str) -> None:
        """Write in the group, or press the button of that number."""
        people, number = self._wecom.people, entry.strip()
        if not (number.isascii() and number.isdigit() and 0 < int(number) <= len(self._buttons)):
            await people.type(self._group, OWNER, entry)
            return
        try:
            await people.click(*self._buttons[int(number) - 1], OWNER)
        except LookupError:
            self._says(GONE)

    def _lines(self, entry: Json) -> list[str]:
        """What an entry of the record shows in the group."""
        if entry.get("chat") != self._group:
            return []
        if entry["kind"] == "card_updated":
            return self._card(entry["card"], "↻ ")
        if entry["kind"] == "stream":
            return self._markdown(entry["content"]) if entry["finish"] else []
        if entry["kind"] not in ("sent", "replied"):
            return []
        body = entry["body"]
        kind = body["msgtype"]
        if kind == "template_card":
            return self._card(body[kind], "")
        return self._markdown(body[kind]["content"]) if kind == "markdown" else [f"📎 {kind}", ""]

    def _markdown(self, text: str) -> list[str]:
        self._words = text.replace("**", "")
        head, *rest = self._words.splitlines() or [""]
        return [head, *(f"  {line}".rstrip() for line in rest), ""]

    def _card(self, card: Json, mark: str) -> list[str]:
        """A card whose words came just before it as markdown is its buttons alone."""
        title = card["main_title"]
        head = " · ".join(filter(None, (title["title"], title.get("desc", ""))))
        lines = [f"  {line['keyname']}  {line['value']}" for line in card.get("horizontal_content_list", [])]
        lines += [f"  {line}" for line in card.get("sub_title_text", "").splitlines()]
        shown = [] if title["title"] in self._words.partition("\n")[0] and not mark else [f"{mark}{head}", *lines]
        self._words = ""
        buttons = "  ".join(self._number(card["task_id"], button) for button in card.get("button_list", []))
        return [*shown, *([f"  {buttons}"] if buttons else []), ""]

    def _number(self, task_id: str, button: Json) -> str:
        self._buttons.append((task_id, button["key"]))
        return f"[{len(self._buttons)}] {button['text']}"
