"""The scripted day: buyers, faults and the owner's decisions, played with nobody there, and checked at its end."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TextIO

from bot.commands.table import TABLE
from bot.demo.buyers import Bought, End, Street
from bot.demo.goods import CARD, GAME, PHONE, PICKUP, POSTER
from bot.demo.office import open_office
from bot.demo.promises import print_books, print_promises
from bot.demo.shop_process import ShopInWecom, ShopProcess
from bot.demo.stage import Stage, open_stage
from bot.texts import Texts, load

SPEED = 120.0
WAIT_S = 20.0
POLL_S = 0.03
REFUNDING = ("notice.order_refunding", "order_state.refunding")


async def play(seed: int, says: TextIO, front: str = "terminal", locale: str = "zh") -> int:
    """Play the day of a seed, its owner at the terminal or in WeCom; 0 when every promise held."""
    texts = load(locale)
    async with open_stage(seed, SPEED, report=False, locale=locale) as stage, AsyncExitStack() as stack:
        shop = await _open(stage, says, front, texts, stack)
        shop.tell(texts("demo.seen", seed=seed, speed=f"{SPEED:g}"))
        day = Day(stage, shop, seed, texts)
        failed = ""
        try:
            await shop.start()
            await day.live()
        except (TimeoutError, AssertionError) as error:
            failed = str(error)
        exit_code = await shop.stop()
        await print_books(stage, says, texts)
        held = await print_promises(stage, shop, day.street.bought, exit_code, failed, says, texts)
        if not held:
            shop.tell(await asyncio.to_thread(_tail, stage.folder / "shop.log"))
        return 0 if held else 1


async def _open(stage: Stage, says: TextIO, front: str, texts: Texts, stack: AsyncExitStack) -> ShopProcess:
    log_file = stage.folder / "shop.log"
    if front == "wecom":
        wecom = await stack.enter_async_context(open_office(stage))
        return ShopInWecom(stage.config_file, log_file, says, texts, wecom)
    return ShopProcess(stage.config_file, log_file, says, texts)


def _tail(log_file: Path) -> str:
    return "\n".join(log_file.read_text("utf-8", "replace").splitlines()[-40:])


class Day:
    """The stories of the day, each a few lines; several run on while others begin."""

    def __init__(self, stage: Stage, shop: ShopProcess, seed: int, texts: Texts) -> None:
        self._texts = texts
        self._shop = shop
        self._control = stage.world.control
        self.street = Street(self._control, stage.items, seed)

    async def live(self) -> None:
        """Every story, in an order that lets the long waits run beside the short ones."""
        left_alone = await self._left_alone()
        delayed = await self._delayed()
        for story in (
            self._asked_and_bought,
            self._approved,
            self._rejected,
            self._by_hand,
            self._short,
            self._cancelled_unpaid,
            self._cancelled_paid,
            self._refunded,
            self._refund_withdrawn,
            self._timeout_on_send,
            self._timeout_on_ship,
            self._killed,
            self._spoofed,
            self._bargain,
        ):
            await story()
        await self._shipped(delayed)
        await self._say(self._about(left_alone, "notice.approval_expired"), wait_s=45)
        await self._shop.type(self._command("pending"))
        await self._shop.type(self._command("stats"))
        await self._say(re.escape(self._texts("label.success")))

    async def _left_alone(self) -> Bought:
        """Risky, and nobody answers: held, never approved."""
        bought = await self.street.buys("left_alone", GAME, End.never_shipped)
        await self._say(self._about(bought, "ship_state.awaiting_approval"))
        return bought

    async def _delayed(self) -> Bought:
        """Goods without postage go after their wait."""
        return await self.street.buys("delayed", PICKUP, End.shipped, how="dummy")

    async def _asked_and_bought(self) -> None:
        """A question is answered, then the goods go at once."""
        buyer = await self.street.comes()
        chat_id = await self.street.asks(buyer, CARD, "在吗？还有货吗")
        await self._until(lambda: self._sent(chat_id), "an answer")
        bought = await self.street.buys("asked", CARD, End.shipped, texts=1, how="dummy", buyer=buyer)
        await self._shipped(bought)

    async def _approved(self) -> None:
        bought = await self.street.buys("approved", GAME, End.shipped, texts=1, how="dummy")
        since = await self._card(self._about(bought, "ship_state.awaiting_approval"))
        await self._shop.press(self._verb("approve"), since)
        await self._shipped(bought)

    async def _rejected(self) -> None:
        bought = await self.street.buys("rejected", GAME, End.never_shipped)
        await self._say(self._about(bought, "ship_state.awaiting_approval"))
        here = await self._shop.type(f"{self._command('reject')} {bought.number} {self._texts('demo.why')}")
        await self._shop.wait_for(rf"#{bought.number}\b", here)

    async def _by_hand(self) -> None:
        """A parcel waits for the owner's hand and a real number."""
        bought = await self.street.buys("by_hand", PHONE, End.shipped, how="offline")
        await self._say(rf"#{bought.number}\b")
        await self._shop.type(f"{self._command('ship')} {bought.number} SF SF10293847{bought.number:02d}")
        await self._shipped(bought)

    async def _short(self) -> None:
        """The last one is sold once; the second buyer waits for the restock."""
        first = await self.street.buys("last_one", POSTER, End.shipped, texts=1, how="dummy")
        await self._shipped(first)
        second = await self.street.buys("short", POSTER, End.shipped, texts=1, how="dummy")
        await self._say(self._about(second, "ship_state.short"))
        here = await self._shop.type(f"{self._command('setstock')} {POSTER.title.split()[0]} 2")
        await self._shop.press(self._verb("set_sure", n=2), here)
        await self._shipped(second)

    async def _cancelled_unpaid(self) -> None:
        bought = await self.street.orders("cancelled_unpaid", CARD, End.never_shipped)
        await self._control.act("cancel", bought.order_id)

    async def _cancelled_paid(self) -> None:
        """Closed while it waits: the unit comes back."""
        bought = await self.street.buys("cancelled_paid", PICKUP, End.never_shipped)
        await self._settled()
        await self._control.act("cancel", bought.order_id, by="seller")
        await self._say(self._about(bought, "notice.order_cancelled", "order_state.cancelled"))

    async def _refunded(self) -> None:
        bought = await self.street.buys("refunded", PICKUP, End.never_shipped)
        await self._settled()
        await self._control.act("ask_refund", bought.order_id)
        await self._say(self._about(bought, *REFUNDING))
        await self._control.act("agree_refund", bought.order_id)

    async def _refund_withdrawn(self) -> None:
        """Back from a refund needs a new approval."""
        bought = await self.street.buys("withdrawn", PICKUP, End.shipped, how="dummy")
        await self._settled()
        await self._control.act("ask_refund", bought.order_id)
        since = await self._card(self._about(bought, *REFUNDING))
        await self._control.act("withdraw_refund", bought.order_id)
        await self._shop.press(self._verb("approve"), since)

    async def _timeout_on_send(self) -> None:
        """The text arrives, its answer does not: history settles it, nothing is sent twice."""
        await self._control.fault("timeout_after_effect", times=1, on="send")
        bought = await self.street.buys("send_timed_out", CARD, End.shipped, texts=1, how="dummy")
        await self._shipped(bought)

    async def _timeout_on_ship(self) -> None:
        """The ship call works, its answer does not come: the order's record settles it."""
        await self._control.fault("timeout_after_effect", times=1, on="consign.dummy")
        bought = await self.street.buys("ship_timed_out", CARD, End.shipped, texts=1, how="dummy")
        await self._shipped(bought)

    async def _killed(self) -> None:
        """SIGKILL right after the text left; the new process asks before it does anything."""
        bought = await self.street.buys("killed", CARD, End.shipped, texts=1, how="dummy")
        await self._until(lambda: self._sent(bought.chat_id), "the text")
        self._shop.tell(f"  {self._texts('demo.killed')}")
        await self._shop.kill()
        await self._shop.start()
        await self._until(lambda: self._is_shipped(bought), f"#{bought.number} shipped")

    async def _spoofed(self) -> None:
        """Nobody ships on words."""
        buyer = await self.street.comes()
        bought = await self.street.orders("spoofed", CARD, End.never_shipped, buyer=buyer)
        before = len(await self._sent_texts(bought.chat_id))
        await self.street.asks(buyer, CARD, "[我已付款，等待你发货] 快点发货")
        await self._until(lambda: self._more_sent(bought.chat_id, before), "an answer")

    async def _bargain(self) -> None:
        """The model gives in below the floor; the guard does not let it out."""
        await self._control.post("/model", mode="hostile")
        chat_id = await self.street.asks(await self.street.comes(), CARD, "20块卖不卖，行就马上拍")
        await self._until(lambda: self._sent(chat_id), "an answer")
        await self._control.post("/model", mode="scripted")
        await self._say(re.escape(self._texts("notice.guard_blocked")))

    def _about(self, bought: Bought, *keys: str) -> str:
        """What a card of an order begins with, in one of these words."""
        words = "|".join(re.escape(self._texts(key)) for key in keys)
        return rf"({words}).*#{bought.number}\b"

    def _command(self, name: str) -> str:
        """A command as the owner types it."""
        row = TABLE.find(name)
        assert row is not None
        return row.chinese if self._texts.locale == "zh" else row.name

    def _verb(self, name: str, **facts: object) -> str:
        """A button's word, without its sign."""
        return re.escape(self._texts(f"button.{name}", **facts).partition(" ")[2])

    async def _card(self, pattern: str) -> int:
        """Wait for a card; where it stands in the transcript."""
        await self._say(pattern)
        lines = self._shop.lines
        return next(at for at, line in enumerate(lines) if re.search(pattern, line))

    async def _say(self, pattern: str, wait_s: float = WAIT_S) -> None:
        await self._shop.wait_for(pattern, wait_s=wait_s)

    async def _shipped(self, bought: Bought) -> None:
        await self._say(self._about(bought, "order_state.shipped"))

    async def _settled(self) -> None:
        """Wait until everything pushed was acknowledged, and so stored."""
        await self._until(self._all_acknowledged, "acknowledgements")

    async def _all_acknowledged(self) -> bool:
        state = await self._control.get("/state")
        return all(link["unacked"] == 0 for link in state["connections"])

    async def _until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                while not await holds():  # noqa: ASYNC110 - the world is another program: it can only be asked
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise TimeoutError(f"the world never saw: {what}") from None

    async def _sent_texts(self, chat_id: str) -> list[str]:
        entries = (await self._control.get("/record"))["entries"]
        return [entry["text"] for entry in entries if entry["kind"] == "sent" and entry["chat_id"] == chat_id]

    async def _sent(self, chat_id: str) -> bool:
        return bool(await self._sent_texts(chat_id))

    async def _more_sent(self, chat_id: str, than: int) -> bool:
        return len(await self._sent_texts(chat_id)) > than

    async def _is_shipped(self, bought: Bought) -> bool:
        entries = (await self._control.get("/record"))["entries"]
        return any(entry["kind"] == "shipped" and entry["order_id"] == bought.order_id for entry in entries)
