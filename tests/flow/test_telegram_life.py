"""The whole life of a risk card on Telegram, and the talk around it (facts: Telegram 5.2), on the real wire."""

from pathlib import Path

from tests.flow.telegram import TelegramDay, labels, open_telegram_day


async def a_risky_trade(day: TelegramDay):
    """A first-time buyer's ¥300: asked about."""
    item = await day.card(price_fen=30000, price="300")
    buyer = await day.buyer()
    return await buyer.pays(item)


async def test_a_risky_order_is_asked_in_the_group_decided_once_and_shipped(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        assert any("批准" in label for label in labels(card))
        assert not day.is_shipped(trade)
        details = day.press(card, "详情")
        await day.toast(details)
        whole = await day.see(trade.order_no)
        presses = [day.press(card, "批准", who) for who in (day.boss, day.zhang, day.boss)]
        toasts = [await day.toast(press) for press in presses]
        assert sum("按过" in toast or "批准" in toast for toast in toasts) >= 2, toasts
        await day.becomes(card, "已发货")
        await day.becomes(whole, "已发货")
        await day.until_shipping(trade, "succeeded")
        assert len(day.texts_to(trade)) == 1
        decisions = await day.rows("SELECT who FROM acts WHERE verb = 'approve'")
        assert len(decisions) == 1


async def test_a_viewer_and_a_stranger_decide_nothing(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        assert "身份" in await day.toast(day.press(card, "批准", day.li))
        stranger = day.tg.people.user("路人").id
        day.tg.groups.set_member(day.group, stranger, day.tg.cloud.chats[day.group].status(day.zhang))
        assert "登记" in await day.toast(day.press(card, "批准", stranger))
        await day.quiet()
        assert await day.shipping(trade) == "awaiting_approval"


async def test_silence_reminds_escalates_to_the_private_chat_and_holds(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        await day.later(minutes=21)
        await day.see("还没审批", after=card.id)
        await day.later(minutes=20)
        private = await day.see("待审批|升级|还没人", chat=day.boss)
        await day.later(minutes=21)
        await day.until_shipping(trade, "held")
        await day.becomes(card, "拦截")
        await day.becomes(private, "拦截")
        assert day.texts_to(trade) == []


async def test_an_escalated_card_is_decided_in_private_and_the_group_sees_it(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        await day.later(minutes=41)
        private = await day.see("待审批|升级|还没人", chat=day.boss)
        day.press(private, "拒绝")
        await day.until_shipping(trade, "held")
        await day.becomes(card, "拦截")
        await day.becomes(private, "拦截")


async def test_an_approved_order_can_be_taken_back_before_anything_left(tmp_path: Path):
    """The window is 100 real seconds long, however busy the machine."""
    async with open_telegram_day(tmp_path, speed=6, settings={"shipping.undo_s": 600}) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        day.press(card, "批准")
        await day.becomes(card, "即将发货")
        day.press(card, "撤销")
        await day.until_shipping(trade, "held")
        await day.quiet()
        assert day.texts_to(trade) == []
        assert not day.is_shipped(trade)


async def test_a_question_survives_a_restart_and_so_does_a_press_while_the_shop_is_away(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        await day.close()
        day.press(card, "批准")
        await day.open()
        await day.until_shipping(trade, "succeeded")
        await day.becomes(card, "已发货")
        assert len(day.texts_to(trade)) == 1


async def test_a_reply_to_a_buyers_alert_reaches_the_buyer_and_gets_a_thumb(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        item = await day.card()
        buyer = await day.buyer()
        said = await buyer.says(item, "我要找真人老板")
        alert = await day.see("我要找真人老板")
        mine = day.type("在的，您说", reply_to=alert.id)
        await day.until(lambda: [t for t in day.record("sent", chat_id=said["chat_id"]) if t["text"] == "在的，您说"])
        await day.until(lambda: mine.reactions, "a thumb under the owner's words")


NEVER_NOTED = """INSERT INTO copies (chat, message, kind, entity, entity_id, version, shown_at)
SELECT :chat, :message, :kind, :entity, :entity_id, :version, :now WHERE 0"""


async def test_a_reply_to_an_alert_that_was_never_noted_reaches_the_buyer_too(tmp_path: Path):
    """As after a crash between the alert's arrival and its note; a quick thumb is as early."""
    async with open_telegram_day(tmp_path, replaced={"copies.keep": NEVER_NOTED}) as day:
        item = await day.card()
        said = await (await day.buyer()).says(item, "我要找真人老板")
        alert = await day.see("我要找真人老板")
        day.type("在的，您说", reply_to=alert.id)
        await day.until(lambda: [t for t in day.record("sent", chat_id=said["chat_id"]) if t["text"] == "在的，您说"])
        assert await day.rows("SELECT 1 FROM copies") == []


async def test_a_cut_wire_after_the_effect_loses_no_alert_and_doubles_no_act(tmp_path: Path):
    async with open_telegram_day(tmp_path) as day:
        await day.see("已就绪")
        day.tg.fault("drop_after", times=3, on="sendMessage")
        trade = await a_risky_trade(day)
        cards = await day.until(lambda: [m for m in day.tg.screen.from_bot(day.group) if "待审批" in m.words][1:])
        assert "可能重复" in cards[-1].words
        day.press(cards[0], "批准")
        await day.until_shipping(trade, "succeeded")
        await day.becomes(cards[-1], "已发货")
        assert len(day.texts_to(trade)) == 1
