"""Weighty acts on Telegram: asked about, confirmed once by whoever began them, in time; taken back, or told what instead."""

import re
from pathlib import Path

from bot.sandbox.telegram.things import Message
from core.values.products import Product
from tests import stockroom
from tests.flow.telegram import labels, open_telegram_day
from tests.telegram_shop import Post, Street, open_post, open_street


async def asked(street: Street, post: Post, wish: int) -> Message:
    """The owner wants another number on the shelf; the question."""
    return await street.ask(f"改库存 p1 {wish}", "改库存？")


async def product(post: Post) -> Product:
    return (await post.engine.items.show(1)).product


def data_of(card: Message, label: str) -> str:
    """What a press of a button sends, kept by a client that was not told of the card's change."""
    return next(str(button["callback_data"]) for button in card.buttons if label in button["text"])


async def test_a_weighty_act_is_confirmed_by_whoever_began_it_and_by_nobody_else(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.order()
        before = (await product(post)).free
        card = await asked(street, post, before + 7)
        for other in (street.clerk, street.viewer, street.stranger):
            toast = await street.toast(await street.press(card, "改为", other))
            assert "由发起的人" in toast or "登记" in toast
        assert (await product(post)).free == before
        await street.press(card, "改为")
        await street.world.screen.see_edit(card, f"剩 {before + 7}")
        assert (await product(post)).free == before + 7


async def test_a_confirmation_acts_once_however_often_its_button_is_pressed(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.order()
        card = await asked(street, post, 40)
        data = data_of(card, "改为")
        await street.press(card, "改为")
        await street.world.screen.see_edit(card, "剩 40")
        await post.engine.stock.set_free(stockroom.owner("later"), 1, 3)
        again = street.world.people.press_data(street.boss, street.group, card.id, data)
        assert "按过" in await street.toast(again)
        assert (await product(post)).free == 3


async def test_a_confirmation_nobody_pressed_in_time_is_over(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.order()
        before = (await product(post)).free
        card = await asked(street, post, before + 7)
        post.later(seconds=61)
        assert "过期" in await street.toast(await street.press(card, "改为"))
        assert (await product(post)).free == before


async def test_no_is_no_and_the_card_says_what_stands(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.order()
        card = await asked(street, post, 40)
        await street.press(card, "取消")
        await street.world.screen.see_edit(card, "♾ p1 .*不限量")
        assert (await product(post)).free != 40


async def test_what_cannot_be_taken_back_names_what_can_be_done_instead_one_press_away(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        item = await day.card(price_fen=30000, price="300")
        trade = await (await day.buyer()).pays(item)
        card = await day.see("待审批")
        day.press(card, "批准")
        await day.until_shipping(trade, "succeeded")
        since = day.type("撤销")
        undo = await day.see("补救", after=since.id)
        number = await day.order_id(trade)
        assert f"补救：查单 #{number}" in undo.words
        assert "买家已收到" in undo.words
        opens = next(label for label in labels(undo) if re.search(rf"#{number}\b", label))
        day.press(undo, opens)
        await day.see(trade.order_no, after=undo.id)
