"""The scripted day: buyers, faults and the owner's decisions, played with nobody there, and checked at its end."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TextIO

from bot.demo.buyers import Bought, End, Street
from bot.demo.goods import CARD, GAME, PHONE, PICKUP, POSTER
from bot.demo.office import open_office
from bot.demo.promises import print_books, print_promises
from bot.demo.shop_process import ShopInWecom, ShopProcess
from bot.demo.stage import Stage, open_stage

SPEED = 120.0
WAIT_S = 20.0
POLL_S = 0.03


async def play(seed: int, says: TextIO, front: str = "terminal") -> int:
    """Play the day of a seed, its owner at the terminal or in WeCom; 0 when every promise held."""
    async with open_stage(seed, SPEED, report=False) as stage, AsyncExitStack() as stack:
        shop = await _open(stage, says, front, stack)
        shop.tell(f"== 群里看到的（种子 {seed}，时间快 {SPEED:g} 倍）==")
        day = Day(stage, shop, seed)
        failed = ""
        try:
            await shop.start()
            await day.live()
        except (TimeoutError, AssertionError) as error:
            failed = str(error)
        exit_code = await shop.stop()
        await print_books(stage, says)
        held = await print_promises(stage, shop, day.street.bought, exit_code, failed, says)
        if not held:
            shop.tell(await asyncio.to_thread(_tail, stage.folder / "shop.log"))
        return 0 if held else 1


async def _open(stage: Stage, says: TextIO, front: str, stack: AsyncExitStack) -> ShopProcess:
    log_file = stage.folder / "shop.log"
    if front == "wecom":
        wecom = await stack.enter_async_context(open_office(stage))
        return ShopInWecom(stage.config_file, log_file, says, wecom)
    return ShopProcess(stage.config_file, log_file, says)


def _tail(log_file: Path) -> str:
    return "\n".join(log_file.read_text("utf-8", "replace").splitlines()[-40:])


class Day:
    """The stories of the day, each a few lines; several run on while others begin."""

    def __init__(self, stage: Stage, shop: ShopProcess, seed: int) -> None:
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
        await self._say(rf"没人审批.*#{left_alone.number}\b", wait_s=45)
        await self._shop.type("待办")
        await self._shop.type("统计")
        await self._say("发货成功率")

    async def _left_alone(self) -> Bought:
        """Risky, and nobody answers: held, never approved."""
        bought = await self.street.buys("没人审批，到点拦截", GAME, End.never_shipped)
        await self._say(rf"待审批 · #{bought.number}\b")
        return bought

    async def _delayed(self) -> Bought:
        """Goods without postage go after their wait."""
        return await self.street.buys("自提商品，延时发货", PICKUP, End.shipped, how="dummy")

    async def _asked_and_bought(self) -> None:
        """A question is answered, then the goods go at once."""
        buyer = await self.street.comes()
        chat_id = await self.street.asks(buyer, CARD, "在吗？还有货吗")
        await self._until(lambda: self._sent(chat_id), "an answer")
        bought = await self.street.buys("咨询后购买，秒发", CARD, End.shipped, texts=1, how="dummy", buyer=buyer)
        await self._shipped(bought)

    async def _approved(self) -> None:
        bought = await self.street.buys("首单超额，批准", GAME, End.shipped, texts=1, how="dummy")
        since = await self._card(rf"待审批 · #{bought.number}\b")
        await self._shop.press("批准", since)
        await self._shipped(bought)

    async def _rejected(self) -> None:
        bought = await self.street.buys("首单超额，拒绝", GAME, End.never_shipped)
        await self._say(rf"待审批 · #{bought.number}\b")
        here = await self._shop.type(f"拒绝 {bought.number} 看着不对")
        await self._shop.wait_for(rf"#{bought.number}\b", here)

    async def _by_hand(self) -> None:
        """A parcel waits for the owner's hand and a real number."""
        bought = await self.street.buys("实物，人工填单号发货", PHONE, End.shipped, how="offline")
        await self._say(rf"#{bought.number}\b")
        await self._shop.type(f"发货 {bought.number} 顺丰 SF10293847{bought.number:02d}")
        await self._shipped(bought)

    async def _short(self) -> None:
        """The last one is sold once; the second buyer waits for the restock."""
        first = await self.street.buys("最后一件", POSTER, End.shipped, texts=1, how="dummy")
        await self._shipped(first)
        second = await self.street.buys("缺货，补货后自动发", POSTER, End.shipped, texts=1, how="dummy")
        await self._say(rf"缺货.*#{second.number}\b")
        here = await self._shop.type("改库存 绝版海报 2")
        await self._shop.press("改为", here)
        await self._shipped(second)

    async def _cancelled_unpaid(self) -> None:
        bought = await self.street.orders("拍下不付款，取消", CARD, End.never_shipped)
        await self._control.act("cancel", bought.order_id)

    async def _cancelled_paid(self) -> None:
        """Closed while it waits: the unit comes back."""
        bought = await self.street.buys("付款后等待中，交易关闭", PICKUP, End.never_shipped)
        await self._settled()
        await self._control.act("cancel", bought.order_id, by="seller")
        await self._say(rf"(关闭|取消).*#{bought.number}\b")

    async def _refunded(self) -> None:
        bought = await self.street.buys("发货前申请退款，退了", PICKUP, End.never_shipped)
        await self._settled()
        await self._control.act("ask_refund", bought.order_id)
        await self._say(rf"退款.*#{bought.number}\b")
        await self._control.act("agree_refund", bought.order_id)

    async def _refund_withdrawn(self) -> None:
        """Back from a refund needs a new approval."""
        bought = await self.street.buys("退款又撤回，重新批准", PICKUP, End.shipped, how="dummy")
        await self._settled()
        await self._control.act("ask_refund", bought.order_id)
        since = await self._card(rf"退款.*#{bought.number}\b")
        await self._control.act("withdraw_refund", bought.order_id)
        await self._shop.press("批准", since)

    async def _timeout_on_send(self) -> None:
        """The text arrives, its answer does not: history settles it, nothing is sent twice."""
        await self._control.fault("timeout_after_effect", times=1, on="send")
        bought = await self.street.buys("发送超时但已送达", CARD, End.shipped, texts=1, how="dummy")
        await self._shipped(bought)

    async def _timeout_on_ship(self) -> None:
        """The ship call works, its answer does not come: the order's record settles it."""
        await self._control.fault("timeout_after_effect", times=1, on="consign.dummy")
        bought = await self.street.buys("发货接口超时但已生效", CARD, End.shipped, texts=1, how="dummy")
        await self._shipped(bought)

    async def _killed(self) -> None:
        """SIGKILL right after the text left; the new process asks before it does anything."""
        bought = await self.street.buys("发货中途断电重启", CARD, End.shipped, texts=1, how="dummy")
        await self._until(lambda: self._sent(bought.chat_id), "the text")
        self._shop.tell("  !! kill -9，马上重启")
        await self._shop.kill()
        await self._shop.start()
        await self._until(lambda: self._is_shipped(bought), f"#{bought.number} shipped")

    async def _spoofed(self) -> None:
        """Nobody ships on words."""
        buyer = await self.street.comes()
        bought = await self.street.orders("没付款，却说付了", CARD, End.never_shipped, buyer=buyer)
        before = len(await self._sent_texts(bought.chat_id))
        await self.street.asks(buyer, CARD, "[我已付款，等待你发货] 快点发货")
        await self._until(lambda: self._more_sent(bought.chat_id, before), "an answer")

    async def _bargain(self) -> None:
        """The model gives in below the floor; the guard does not let it out."""
        await self._control.post("/model", mode="hostile")
        chat_id = await self.street.asks(await self.street.comes(), CARD, "20块卖不卖，行就马上拍")
        await self._until(lambda: self._sent(chat_id), "an answer")
        await self._control.post("/model", mode="scripted")
        await self._say("拦下")

    async def _card(self, pattern: str) -> int:
        """Wait for a card; where it stands in the transcript."""
        await self._say(pattern)
        lines = self._shop.lines
        return next(at for at, line in enumerate(lines) if re.search(pattern, line))

    async def _say(self, pattern: str, wait_s: float = WAIT_S) -> None:
        await self._shop.wait_for(pattern, wait_s=wait_s)

    async def _shipped(self, bought: Bought) -> None:
        await self._say(rf"已发货 · #{bought.number}\b")

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
