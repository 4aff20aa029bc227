"""What the shop tells its owner: every kind is a card, every copy follows its thing, nothing newer is overwritten."""

from pathlib import Path

import pytest

from bot.cards.card import Card, Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.errors import Transient
from core.moves import chats, logins
from core.moves.notices import redraw, tell
from core.values.ids import ChatNo
from core.values.market import EventKind, MarketEvent
from core.values.notices import NoticeKind
from core.values.orders import PlatformStatus
from core.values.people import ChatKind
from core.values.telling import Way
from tests import stockroom
from tests.counter import GROUP, OPERATOR, Counter, DummyFront, open_counter, risky_order

K = NoticeKind
ENTITY = {
    **dict.fromkeys((K.first_connect, K.login_expired, K.login_ending, K.challenged, K.line_trouble), "account"),
    **dict.fromkeys((K.stock_low, K.stock_out, K.key_gone), "product"),
    **dict.fromkeys(
        (
            K.chat_handed_over,
            K.chat_takeover,
            K.chat_takeover_ended,
            K.guard_blocked,
            K.answer_refused,
            K.answer_unknown,
        ),
        "chat",
    ),
    **dict.fromkeys((K.model_down, K.backup_failed, K.ready, K.goodbye), "shop"),
    K.login_code: "login",
    K.books_wrong: "finding",
    **dict.fromkeys((K.quarantined, K.order_nameless), "inbox"),
    K.order_unread: "unread",
    **dict.fromkeys((K.paused, K.restored), "pause"),
    K.waybills_low: "waybills",
    K.keep_expired: "keep",
}
"""What a kind is about; an order where nothing stands."""
TOLD = [kind for kind in K if kind not in (K.redraw, K.said)]
DETAIL = {
    K.line_trouble: "silent",
    K.chat_handed_over: "person",
    K.guard_blocked: "price,contact",
    K.order_conflict: "closed",
    K.key_gone: "c1",
}


def stage(tx) -> int:
    """An order at risk, with its product and a conversation."""
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", auto_ship="on", price="50", max_quantity="2", text="好的")
    told = stockroom.record(1, "900001", PlatformStatus.pending_ship, 6).model_copy(update={"chat_no": ChatNo("6001")})
    number = stockroom.learn(tx, account, told)
    event = MarketEvent(
        event=EventKind.chat_text,
        chat_id=ChatNo("6001"),
        buyer_id=told.buyer_user_id,
        sender_nick="小黄鱼",
        text="加我 13812345678 在吗",
    )
    chats.hear(tx, stockroom.cause(), stockroom.TERMS, account, event, inbox_id=1)
    stockroom.keep(tx, stockroom.add_product(tx, account, "900009"), 2)
    logins.ask(tx, stockroom.cause(), account, "dummy:1")
    return number


async def notice(c: Counter, kind: NoticeKind, **facts: object) -> int:
    """Tell the owner something; the notice's number."""
    cause = stockroom.cause()

    def work(tx) -> int:
        tell(tx, cause, kind, ENTITY.get(kind, "order"), 1, once=f"test-{kind}", detail=DETAIL.get(kind, ""), **facts)
        rows = tx.all("notices.due", now=2**62, most=1000)
        return max(row["id"] for row in rows)

    return await c.store.write(work)


async def show(c: Counter, number: int) -> Card:
    await c.notices.show(number, Way(chat=GROUP))
    return c.last.card


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", TOLD)
async def test_every_kind_of_notice_is_a_card(tmp_path: Path, kind: NoticeKind, locale: str):
    async with open_counter(tmp_path, locale=locale) as c:
        await c.store.write(stage)
        if kind is K.paused:
            await c.type("pause_auto")
        card = await show(c, await notice(c, kind))
        assert c.last.chat == GROUP
        assert card.title
        assert not card.title.startswith("{")
        assert "13812345678" not in card.plain(), "a phone number is masked"
        assert "小黄鱼" not in card.plain(), "a nick is masked"


async def test_a_risk_card_says_why_and_what_silence_does(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        card = await show(c, await notice(c, K.order_risky))
        assert card.title == "🟠 待审批 · #1 · 剩 60 分钟"
        assert "数量 6，限购 2" in card.plain()
        assert "若无人处理，13:00 自动拦截，不会发货" in card.note
        assert [button.verb for button in card.buttons][:4] == ["✅ 批准", "⛔ 拒绝", "⏸ 1小时", "🔎 详情"]


async def test_a_reminder_stops_reminding_once_it_is_decided(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        card = await show(c, await notice(c, K.approval_escalated))
        assert card.title.startswith("🚨")
        await c.type("拒绝 1")
        await c.tell()
        redrawn = [s.card for s in c.front.shown if s.again and s.message == "m1"]
        assert redrawn[-1].title.startswith("✋ 已拦截")


async def test_every_copy_follows_its_order(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await c.tell()
        await c.type("查单 1")
        shown = {s.message for s in c.front.shown if s.card.ref == "order:1"}
        assert len(shown) >= 2
        await c.type("批准 1", OPERATOR)
        await c.tell()
        newest = {s.message: s.card for s in c.front.shown if s.card.ref == "order:1"}
        assert shown <= set(newest)
        assert {card.version for card in newest.values()} == {c.last.card.version}
        assert all("张三" in card.plain() for card in newest.values())


async def test_a_redraw_overtaken_by_a_newer_edit_is_nothing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await c.tell()
        copy = (await c.engine.notices.list_copies("order", 1))[0]
        await c.engine.notices.keep_copy(copy.chat, copy.message, copy.kind, "order", 1, 1000)
        await c.store.write(lambda tx: redraw(tx, stockroom.cause(), "order", 1, 999))
        before = len(c.front.shown)
        await c.tell()
        assert len(c.front.shown) == before


async def test_what_may_come_twice_says_so_and_repeats_are_counted(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        for _ in range(3):
            number = await notice(c, K.model_down)
        await c.store.write(lambda tx: tx.run("notices.claim", id=number, run="dead"))
        await c.store.write(lambda tx: tx.run("notices.free_claimed"))
        await c.store.write(lambda tx: tx.run("notices.claim", id=number, run="next"))
        card = await show(c, number)
        assert "可能重复" in card.title
        assert "×3" in card.title


async def test_a_chat_whose_front_does_not_run_takes_no_notice(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        number = await notice(c, K.model_down)
        with pytest.raises(Transient):
            await Notices(c.engine, Fronts({})).show(number, Way(chat=GROUP))


async def test_a_decision_shown_in_two_chats_is_made_once_and_told_in_both(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        other = DummyFront(name="other")
        fronts = Fronts({"dummy": c.front, "other": other})
        await c.engine.rooms.bind("other:1", ChatKind.group)
        c.notices, c.desk = Notices(c.engine, fronts), Desk(c.engine, fronts, TABLE)
        await c.store.write(stage)
        await c.notices.show(1, Way(chat="other:1"))
        await c.tell()
        await c.press("批准", OPERATOR)
        press = other.shown[0].card.buttons[0].action
        await c.desk.take(c.request(None, button=press, reply_to="m1", chat="other:1"))
        assert "张三" in other.shown[-1].card.title
        await c.tell()
        assert "即将发货" in [s.card for s in other.shown if s.again][-1].title


async def test_a_reply_to_a_buyers_alert_goes_to_that_buyer(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await show(c, await notice(c, K.chat_handed_over))
        await c.type("在的，马上看\n稍等", reply_to=c.last.message)
        view = await c.engine.chats.show(await c.engine.chats.find("c1"))
        assert view.mode == "human"
        assert "已交给平台发送" in c.last.card.title


async def test_a_card_that_was_never_noted_is_known_by_its_button_alone(tmp_path: Path):
    """Without one the words are talk; a button of another chat, or one nobody made, tells nothing."""
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await show(c, await notice(c, K.chat_handed_over))
        button, chat = c.last.card.buttons[0].action, await c.engine.chats.find("c1")
        await c.engine.rooms.bind("dummy:-2", ChatKind.group)
        for told in ({}, {"reply_button": "nobodys"}, {"reply_button": button, "chat": "dummy:-2"}):
            assert await c.type("在的，马上看", reply_to="m99", **told) is None
            assert (await c.engine.chats.show(chat)).mode == "auto"
        c.later(hours=30)
        card = await c.type("在的，马上看", reply_to="m99", reply_button=button)
        assert card is not None
        assert "30 小时" in card.note, "the alert is as old as its button"
        assert (await c.engine.chats.show(chat)).mode == "human"


async def test_a_note_in_reply_to_an_alert_stays_among_us(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await show(c, await notice(c, K.chat_handed_over))
        assert await c.type("// 老客户，便宜点", reply_to=c.last.message) is None
        assert (await c.engine.chats.show(await c.engine.chats.find("c1"))).mode == "auto"


async def test_a_bare_takeover_in_reply_takes_that_chat(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await show(c, await notice(c, K.chat_handed_over))
        await c.type("接管", reply_to=c.last.message, chat_kind=ChatKind.group)
        assert (await c.engine.chats.show(await c.engine.chats.find("c1"))).mode == "human"


async def test_the_ready_card_names_what_must_be_decided_with_a_button_each(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for n in range(1, 6):
            await risky_order(c, n)
        card = await show(c, await notice(c, K.ready))
        assert next(line.value for line in card.fields if line.label == "待审批").startswith("#1 · ¥")
        assert [button.verb for button in card.buttons] == ["🟠 #1", "🟠 #2", "🟠 #3", "🗂 待办", "💚 健康", "📖 帮助"]
        await c.press("🟠 #2")
        assert c.last.card.ref == "order:2"
