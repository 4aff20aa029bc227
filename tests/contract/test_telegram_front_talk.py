"""The front at work in the pretend Telegram: commands, presses, cards, files."""

from pathlib import Path

import pytest

from bot.auth import Attachment
from bot.sandbox.telegram.things import Status
from core.values.fulfilment import FulfilmentState
from tests.flow.parcels import SF, parcel
from tests.labels import label
from tests.telegram_shop import Post, Street, open_post, open_street, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


@pytest.fixture
async def post(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        yield post
        assert post.listening is not None
        assert not post.listening.done(), post.listening


async def test_a_chinese_word_and_a_slash_command_are_answered_as_a_reply(street: Street, post: Post):
    asked = await street.type("待办")
    answer = await street.world.screen.see(street.group, "没有待办", after=asked.id)
    assert answer.reply_to == asked.id
    assert (await street.ask("/orders@zhanggui_pretend_bot", "订单")).chat_id == street.group


async def test_ordinary_talk_is_neither_answered_nor_stored(street: Street, post: Post):
    await street.type("今天天气不错")
    await street.type("/stock@another_bot")
    await post.quiet()
    assert not street.world.screen.from_bot(street.group)
    assert (await post.store.people.one("inbox.last"))["id"] == 0


async def test_a_risky_order_is_approved_by_its_button(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    assert "订单号" in card.words
    assert any("copy_text" in button for button in card.buttons)
    press = await street.press(card, "批准")
    assert await street.toast(press) == ""
    await street.world.screen.see_edit(card, "已调度|即将|马上|执行")
    assert await post.state(number) is FulfilmentState.scheduled


async def test_three_people_press_at_once_and_one_decides(street: Street, post: Post):
    await post.engine.people.keep(f"telegram:{street.stranger}", "王五", (await post.engine.people.list())[0].role)
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    presses = [await street.press(card, "批准", who) for who in (street.clerk, street.boss, street.stranger)]
    toasts = [await street.toast(press) for press in presses]
    assert toasts[0] == ""
    assert all("张三 已于" in toast for toast in toasts[1:]), toasts
    assert await post.state(number) is FulfilmentState.scheduled
    acts = await post.store.people.all("people.list")
    assert acts


async def test_a_stranger_a_viewer_and_another_chat_are_refused_by_toast(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    for who, words in ((street.stranger, "没有登记"), (street.viewer, "身份")):
        assert words in await street.toast(await street.press(card, "批准", who))
    assert await post.state(number) is FulfilmentState.awaiting_approval


async def test_a_button_of_another_chat_is_refused(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    data = next(button["callback_data"] for button in card.buttons if "批准" in button["text"])
    elsewhere = street.world.people.type(street.boss, street.boss, "待办")
    other = await street.world.screen.see(street.boss, "待办", after=elsewhere.id)
    press = street.world.people.press_data(street.boss, street.boss, other.id, data)
    assert "别的群" in await street.toast(press)
    assert await post.state(number) is FulfilmentState.awaiting_approval


@pytest.mark.parametrize("data", ["v1|aaaaaaaaaa", "approve|1", "x" * 64, "v1|' OR 1=1"])
async def test_a_forged_button_is_a_toast_and_nothing_else(street: Street, post: Post, data: str):
    card = await street.ask("待办", "没有待办")
    press = street.world.people.press_data(street.boss, street.group, card.id, data)
    assert "没有这个按钮" in await street.toast(press)
    await post.quiet()


async def test_an_anonymous_admin_an_edit_and_a_forward_do_nothing(street: Street, post: Post):
    number = await post.order(quantity=1)
    words = f"拦截 {number}"
    assert "匿名" in (await street.ask(words, "匿名", anonymous=True)).words
    assert "转发" in (await street.ask(words, "转发", forwarded_from="老板")).words
    said = await street.type("随便说说")
    street.world.people.edit(street.boss, street.group, said.id, words)
    await street.world.screen.see(street.group, "编辑过")
    assert await post.state(number) is FulfilmentState.scheduled


async def test_a_reply_to_a_card_is_about_that_card(street: Street, post: Post):
    number = await post.order(quantity=1)
    card = await street.ask(f"查单 {number}", "已调度|发")
    await street.ask("拦截", "已拦截", reply_to=card.id)
    assert await post.state(number) is FulfilmentState.held


async def test_an_answer_stays_in_its_topic(street: Street, post: Post):
    world = street.world
    forum = world.groups.create("论坛", street.boss, bot=Status.administrator, forum=True)
    await post.engine.rooms.bind(f"telegram:{forum.id}", (await post.engine.rooms.list())[0].kind)
    topic = world.groups.topic(forum.id, "订单")
    world.people.type(street.boss, forum.id, "待办", topic=topic.id)
    assert (await world.screen.see(forum.id, "没有待办")).topic == topic.id
    world.people.type(street.boss, forum.id, "通知 库存 这里", topic=topic.id)
    await world.screen.see(forum.id, "通知设置")
    assert await route(post) == str(topic.id)
    await post.tell("库存少了", forum.id, topic=str(topic.id))
    assert (await world.screen.see(forum.id, "库存少了")).topic == topic.id
    world.groups.delete_topic(forum.id, topic.id)
    await post.tell("到主话题", forum.id, topic=str(topic.id))
    assert (await world.screen.see(forum.id, "到主话题")).topic is None
    assert await route(post) is None, "what is told there first goes to the main topic from now on"


async def route(post: Post) -> str | None:
    """The topic in which stock is told."""
    stock = next(one for one in (await post.engine.telling.show()).events if one.event == "stock")
    assert stock.route is not None
    return stock.route.topic


async def test_keys_come_as_a_file_with_a_caption(street: Street, post: Post):
    await post.order()
    keys = "AAAA-1111\nBBBB-2222\n".encode("gb18030")
    street.world.people.upload(street.boss, street.group, "keys.txt", keys, caption="导入卡密 p1")
    await street.world.screen.see(street.group, "导入")


async def test_a_file_that_is_too_large_is_refused_without_being_fetched(street: Street, post: Post):
    await post.order()
    street.world.people.upload(street.boss, street.group, "keys.txt", b"x" * 5_000_001, caption="导入卡密 p1")
    await street.world.screen.see(street.group, "文件太大")
    assert not [call for call in street.world.cloud.calls if call["method"] == "getFile"]


async def test_a_photo_of_a_waybill_needs_no_words(street: Street, post: Post):
    await parcel(post)
    sent = street.world.people.upload(street.boss, street.group, "IMG_1.jpg", label([SF]), as_photo=True)
    card = await street.world.screen.see(street.group, SF, after=sent.id)
    assert "顺丰速运" in card.words
    await street.press(card, "顺丰")
    await street.world.screen.see_edit(card, "即将")
    row = await post.store.people.one("fulfilments.find", id=1)
    assert row is not None and row["tracking_no"] == SF


async def test_a_photo_nobody_waits_for_is_neither_stored_nor_fetched(street: Street, post: Post):
    street.world.people.upload(street.boss, street.group, "IMG_1.jpg", label([SF]), as_photo=True)
    await post.quiet()
    assert (await post.store.people.one("inbox.last"))["id"] == 0
    assert not [call for call in street.world.cloud.calls if call["method"] == "getFile"]


async def test_a_strangers_file_is_never_fetched(street: Street, post: Post):
    street.world.people.upload(street.stranger, street.group, "keys.txt", b"x", caption="导入卡密 p1")
    await post.quiet()
    assert (await post.store.people.one("inbox.last"))["id"] == 0
    assert not [call for call in street.world.cloud.calls if call["method"] == "getFile"]


async def test_a_strangers_words_in_the_group_are_not_even_stored(street: Street, post: Post):
    for words in ("待办", "发货 1", "/stop_all", "订單"):
        await street.type(words, street.stranger)
    await post.quiet()
    assert (await post.store.people.one("inbox.last"))["id"] == 0
    assert not street.world.screen.from_bot(street.group)


async def test_hostile_names_and_words_are_shown_as_they_are(street: Street, post: Post):
    evil = "<b>x</b> & @all /stop_all"
    await post.tell(evil, fields=(("买家", "<a href='tg://user?id=1'>点我</a>"),), note="1 < 2 && 3 > 2")
    shown = await street.world.screen.see(street.group, "点我")
    assert "<a href='tg://user?id=1'>点我<" in shown.words
    assert {entity["type"] for entity in shown.entities} <= {"bold"}


async def test_a_hundred_kilobytes_and_a_thousand_buttons_of_nonsense_pass_by(street: Street, post: Post):
    for text in ("发货 " + "九" * 4000, "\u202e发货 1", "\x00", "/" + "a" * 4000):
        await street.type(text)
    await street.ask("待办", "没有待办")


async def test_a_picture_and_a_file_are_sent_and_a_picture_is_turned(street: Street, post: Post):
    small, red = png(8, 0), png(8, 255)
    first = await post.tell("日报", picture=small)
    shown = street.world.screen.from_bot(street.group)[-1]
    assert shown.photo is not None
    assert first == f"p{shown.id}"
    card = card_of("日报 7天", red)
    await post.front.redraw(f"telegram:{street.group}", first, card)
    await street.world.screen.see_edit(shown, "7天")
    await post.tell("导出", file=Attachment(name="订单.csv", content=b"a,b"))
    assert street.world.screen.from_bot(street.group)[-1].document.name == "订单.csv"


async def test_a_long_text_under_a_picture_follows_it(street: Street, post: Post):
    await post.tell("日报", picture=png(8, 0), note="长" * 1400)
    picture, words = street.world.screen.from_bot(street.group)[-2:]
    assert picture.photo is not None
    assert picture.words == "日报"
    assert "长长" in words.words


async def test_menus_are_registered_by_language_and_place(street: Street, post: Post):
    def in_chinese():
        menu = street.world.screen.menu(street.boss, street.group)
        return menu if any("订单" in row["description"] for row in menu) else None

    names = {row["command"] for row in await until(in_chinese)}
    assert {"orders", "stats", "help"} <= names
    assert 8 <= len(names) <= 24
    street.world.people.start(street.stranger)
    strangers = street.world.screen.menu(street.stranger, street.stranger)
    assert {row["command"] for row in strangers} <= {"bind", "start", "whoami", "help"}


async def test_unknown_updates_are_passed_over(street: Street, post: Post):
    street.world.updates.inject({"purple_dinosaur": {"a": [1]}})
    street.world.updates.inject({"message": {"message_id": "odd"}})
    await street.ask("待办", "没有待办")


def png(size: int, shade: int) -> bytes:
    """A small grey square as PNG."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def card_of(title: str, picture: bytes):
    from bot.cards.card import Draft
    from bot.cards.seal import write

    return write(Draft(entity="stats", title=title, picture=picture))
