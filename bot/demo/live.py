"""The live demo: buyers come and go while the person at the terminal is the owner."""

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from bot.demo.chatroom import open_chatroom, show
from bot.demo.goods import CARD, GAME, PHONE, PICKUP, POSTER, Good
from bot.demo.office import Window, open_office
from bot.demo.stage import Stage, open_stage
from bot.demo.wholesaler import keep_stocked
from bot.fronts.keyboard import PipeKeyboard, PromptKeyboard, is_screen
from core.config import Config
from core.sandbox.client import ControlClient, ControlRefused

SPEED = 30.0
UNDO_S = 300
"""Ten real seconds in which the person can take a shipment back."""
FIRST_S, PAUSE_S = 2.0, (3.0, 9.0)
CALM_S = (6.0, 14.0)
"""A group on Telegram takes 20 messages a minute, and minutes are real there."""
QUESTIONS = ("在吗？", "还有货吗", "多久发货", "能便宜点吗", "可以小刀吗，诚心要", "怎么用的？支持安卓吗", "包邮吗")
HINT = """\
掌柜演示：买家会来来往往，你是店主。时间快 {speed:g} 倍。
打字就是命令（帮助 看全部），按钮按编号。Ctrl-D 或 Ctrl-C 结束。
A shop with pretend buyers; you are the owner. Type 帮助 (help); press a button by its number; Ctrl-D ends.
"""
HINT_WECOM = """\
掌柜演示：这是企业微信群，你是店主，打的字都会 @ 机器人，按钮按编号。时间快 {speed:g} 倍，Ctrl-D 或 Ctrl-C 结束。
A pretend WeCom group: what you type is @-ed to the robot, press a button by its number; Ctrl-D ends.
"""
HINT_OPEN = """\
掌柜演示：在浏览器里打开 {page}
左边是店主的 Telegram 群，右边是买家，也可以自己当买家。时间快 {speed:g} 倍，Ctrl-C 结束。
Open {page} : the owner's Telegram group beside the buyers, and you may be both. Ctrl-C ends.
"""


async def play(seed: int, serve: Callable[[Config], Awaitable[None]], locale: str = "zh") -> int:
    """Until the person leaves."""
    async with open_stage(seed, SPEED, UNDO_S, locale=locale) as stage:
        print(HINT.format(speed=SPEED), flush=True)  # noqa: T201 - the demo speaks to the person at the terminal
        async with _visitors(stage, seed, PAUSE_S):
            await serve(stage.config)
    return 0


async def play_open(seed: int, serve: Callable[[Config], Awaitable[None]], locale: str = "zh") -> int:
    """The same in a browser: the pretend Telegram's page, until Ctrl-C."""
    async with open_stage(seed, SPEED, UNDO_S, locale=locale) as stage, open_chatroom(stage, seed) as telegram:
        page = f"{telegram.api_url}/"
        print(HINT_OPEN.format(speed=SPEED, page=page), flush=True)  # noqa: T201 - the demo speaks to the person
        await show(page)
        async with _visitors(stage, seed, CALM_S):
            await serve(stage.config)
    return 0


async def play_wecom(seed: int, serve: Callable[[Config], Awaitable[None]], locale: str = "zh") -> int:
    """The same with the owner in the pretend WeCom, seen and typed to as plain text."""
    async with open_stage(seed, SPEED, UNDO_S, locale=locale) as stage, open_office(stage) as wecom:
        print(HINT_WECOM.format(speed=SPEED), flush=True)  # noqa: T201 - the demo speaks to the person at the terminal
        window = Window(wecom, lambda line: print(line, flush=True))  # noqa: T201 - the group, as it is seen
        sitting = [asyncio.create_task(window.watch()), asyncio.create_task(_sit(window))]
        try:
            async with _visitors(stage, seed, CALM_S):
                await serve(stage.config)
        finally:
            for task in sitting:
                task.cancel()
    return 0


async def _sit(window: Window) -> None:
    """Somebody types; on a screen their leaving ends the demo."""
    screen = is_screen()
    keyboard = PromptKeyboard() if screen else PipeKeyboard(sys.stdin)
    async for entry in keyboard.entries():
        if entry.strip():
            await window.type(entry)
    if screen:
        signal.raise_signal(signal.SIGINT)


@asynccontextmanager
async def _visitors(stage: Stage, seed: int, pause_s: tuple[float, float]) -> AsyncIterator[None]:
    street = [asyncio.create_task(_visit(stage, seed, pause_s)), asyncio.create_task(keep_stocked(stage))]
    try:
        yield
    finally:
        for one in street:
            one.cancel()
        await asyncio.gather(*street, return_exceptions=True)


async def _visit(stage: Stage, seed: int, pause_s: tuple[float, float]) -> None:
    """One buyer after the other; some only ask, some buy, some change their minds."""
    dice = random.Random(f"live {seed}")
    control = stage.world.control
    await asyncio.sleep(FIRST_S)
    stories = set()
    for good in (CARD, GAME, PICKUP, PHONE):
        stories.add(asyncio.create_task(_story(control, stage.items, good, dice)))
        await asyncio.sleep(dice.uniform(*pause_s))
    while True:
        good = dice.choice((CARD, CARD, CARD, GAME, PICKUP, PHONE, POSTER))
        stories.add(asyncio.create_task(_story(control, stage.items, good, dice)))
        stories = {story for story in stories if not story.done()}
        await asyncio.sleep(dice.uniform(*pause_s))


async def _story(control: ControlClient, items: dict[str, str], good: Good, dice: random.Random) -> None:
    """One buyer's; what the platform refuses, because the owner was quicker, ends it and nobody else's."""
    with suppress(ControlRefused):
        await _buys(control, items, good, dice)


async def _buys(control: ControlClient, items: dict[str, str], good: Good, dice: random.Random) -> None:
    buyer, item = await control.buyer(), items[good.name]
    if dice.random() < 0.7:
        await control.talk(buyer, item, dice.choice(QUESTIONS))
        await asyncio.sleep(dice.uniform(2, 6))
    if dice.random() < 0.25:
        return
    order = await control.order(buyer, item, quantity=dice.choice((1, 1, 1, 2)))
    await asyncio.sleep(dice.uniform(1, 4))
    if dice.random() < 0.15:
        await control.act("cancel", order["order_id"])
        return
    await control.pay(order["order_id"])
    await asyncio.sleep(dice.uniform(8, 40))
    await _end(control, order["order_id"], dice)


async def _end(control: ControlClient, order_id: str, dice: random.Random) -> None:
    """Most confirm what came; a few want their money back. The platform refuses what does not fit the order."""
    await control.act("ask_refund" if dice.random() < 0.15 else "confirm", order_id)
