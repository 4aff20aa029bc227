"""Many pushes as fast as the socket takes them, for benchmarks."""

import asyncio
import contextlib
import time
from typing import Literal

from core.sandbox.cards import paid_card
from core.sandbox.frames import text_content
from core.sandbox.lines import Lines
from core.sandbox.market import Market
from core.sandbox.talks import Talks
from core.sandbox.things import Account, Chat, Json
from core.sandbox.trades import Trades
from core.sandbox.wire import Push, WireRecord

BREATH = 100


class Burst:
    """Builds everything first, then pushes with a bounded number of frames in flight."""

    def __init__(self, market: Market, lines: Lines, talks: Talks, trades: Trades) -> None:
        self._market = market
        self._lines = lines
        self._talks = talks
        self._trades = trades

    async def run(
        self,
        account: Account,
        item_id: str,
        kind: Literal["orders", "chats"],
        count: int,
        chats: int,
        in_flight: int,
        wait_s: float,
    ) -> Json:
        """Push `count` paid-order cards or buyer texts over `chats` chats; dials do not touch them."""
        rooms = [self._talks.chat(account, self._market.add_buyer(), item_id) for _ in range(chats)]
        pushes: list[Push] = []
        for number in range(count):
            chat = rooms[number % chats]
            record = self._paid(account, chat) if kind == "orders" else self._text(chat, number)
            pushes.append(self._lines.make_push(account, [record]))
            if number % BREATH == 0:
                await asyncio.sleep(0)
        started_s = time.perf_counter()
        acked = await self._push_all(account, pushes, in_flight, wait_s)
        return {"pushed": len(pushes), "acked": acked, "seconds": time.perf_counter() - started_s}

    def _paid(self, account: Account, chat: Chat) -> WireRecord:
        buyer = self._market.buyers[chat.buyer_id]
        order = self._trades.place(account, buyer, chat.item_id, 1, "", None)
        self._trades.mark_paid(order)
        message = self._talks.card_line(order, paid_card(order, self._market.items[chat.item_id]))
        order.card_pnm = message.pnm_id
        return self._talks.record(message, "card")

    def _text(self, chat: Chat, number: int) -> WireRecord:
        message = self._talks.line(chat, chat.buyer_id, text_content(f"你好，请问第{number}个问题怎么弄？"), "android")
        self._market.note(
            "buyer_said",
            account=chat.account,
            chat_id=chat.chat_id,
            buyer_id=chat.buyer_id,
            text=message.text,
            message_id=message.message_id,
            pnm_id=message.pnm_id,
        )
        return self._talks.record(message, "message")

    async def _push_all(self, account: Account, pushes: list[Push], in_flight: int, wait_s: float) -> int:
        room, acked, done = asyncio.Semaphore(in_flight), 0, asyncio.Event()

        def taken() -> None:
            nonlocal acked
            acked += 1
            room.release()
            if acked == len(pushes):
                done.set()

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                for push in pushes:
                    await room.acquire()
                    self._lines.watch(push.mid, taken)
                    self._lines.put(account, push)
                await done.wait()
        return acked
