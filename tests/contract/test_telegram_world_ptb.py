"""The pretend Telegram with a client nobody here wrote: python-telegram-bot."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter

from tests.contract.telegram_bot import counter, png


@asynccontextmanager
async def library(**world):
    """A counter, and the library's bot in it."""
    async with counter(**world) as place:
        api = place.world.api_url
        async with Bot(place.world.token, base_url=f"{api}/bot", base_file_url=f"{api}/file/bot") as bot:
            yield place, bot


async def test_the_library_sends_presses_edits_and_answers():
    async with library() as (place, bot):
        keyboard = InlineKeyboardMarkup(
            [
                [InlineKeyboardButton("✅ 批准", callback_data="v1|ok|7", style="success")],
                [InlineKeyboardButton("复制", copy_text=CopyTextButton("#42"))],
            ]
        )
        sent = await bot.send_message(place.group, "<b>待审批</b> &amp; #4", parse_mode="HTML", reply_markup=keyboard)
        assert (sent.text, sent.text_html) == ("待审批 & #4", "<b>待审批</b> &amp; #4")
        press = place.world.people.press(place.owner, place.group, sent.message_id, "批准")
        update = (await bot.get_updates(offset=place.bot.offset))[0]
        assert update.callback_query.data == "v1|ok|7"
        assert update.callback_query.message.message_id == sent.message_id
        await update.callback_query.answer("好", show_alert=True)
        assert press.answer == {"text": "好", "show_alert": True}
        await bot.edit_message_text("已批准", place.group, sent.message_id)
        (shown,) = place.world.screen.from_bot(place.group)
        assert (shown.words, shown.markup, len(shown.history)) == ("已批准", None, 1)


async def test_the_library_sends_pictures_and_files_and_fetches_uploads():
    async with library() as (place, bot):
        photo = await bot.send_photo(place.group, png(640, 360), caption="<i>今天</i>", parse_mode="HTML")
        assert (photo.photo[-1].width, photo.caption) == (640, "今天")
        media = InputMediaPhoto(png(32, 18), caption="7 天")
        edited = await bot.edit_message_media(media, place.group, photo.message_id)
        assert (edited.photo[-1].width, edited.caption) == (32, "7 天")
        await bot.send_document(place.group, b"a,b\n", filename="订单.csv")
        assert place.world.screen.from_bot(place.group)[-1].document.name == "订单.csv"
        place.world.people.upload(place.owner, place.group, "keys.txt", b"KEY-1\nKEY-2", caption="导入卡密 p1")
        update = (await bot.get_updates(offset=place.bot.offset))[-1]
        file = await update.message.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"KEY-1\nKEY-2"


async def test_the_library_asks_about_chats_and_sets_menus():
    async with library() as (place, bot):
        assert (await bot.get_chat(place.group)).title == "店"
        assert (await bot.get_chat_member(place.group, bot.id)).status == "administrator"
        assert {one.user.id for one in await bot.get_chat_administrators(place.group)} == {place.owner, bot.id}
        await bot.set_my_commands([BotCommand("orders", "订单")], language_code="zh")
        await bot.set_my_commands([BotCommand("help", "help")], scope=BotCommandScopeChat(place.group))
        assert place.world.screen.menu(place.owner, place.group)[0]["command"] == "help"
        sent = await bot.send_message(place.group, "置顶")
        assert await bot.pin_chat_message(place.group, sent.message_id)
        assert await bot.set_message_reaction(place.group, sent.message_id, "👍")


@pytest.mark.filterwarnings("ignore:.*retry_after")
async def test_the_library_understands_every_refusal():
    async with library(forum=False) as (place, bot):
        with pytest.raises(BadRequest, match="an't parse entities"):
            await bot.send_message(place.group, "<b>", parse_mode="HTML")
        with pytest.raises(Forbidden, match="can't initiate"):
            await bot.send_message(place.owner, "私聊")
        small = place.world.groups.create("小群", place.owner, basic=True)
        moved = place.world.groups.migrate(small.id)
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(small.id, "还在吗")
        assert caught.value.new_chat_id == moved.id
        place.world.fault("rate_limit", times=1, on="sendMessage", by_s=7)
        with pytest.raises(RetryAfter):
            await bot.send_message(place.group, "慢点")
        place.world.fault("drop_after", times=1, on="sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(place.group, "断了")
        assert place.world.screen.from_bot(place.group)[-1].words == "断了"
        place.world.fault("conflict", times=1)
        with pytest.raises(Conflict):
            await bot.get_updates(timeout=0)


async def test_the_library_polls_long():
    async with library() as (place, bot):
        poll = asyncio.create_task(bot.get_updates(offset=place.bot.offset, timeout=20))
        await place.polled(2)
        place.world.people.type(place.owner, place.group, "在吗")
        (update,) = await asyncio.wait_for(poll, 5)
        assert update.effective_message.text == "在吗"
