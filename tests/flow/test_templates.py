"""The shop's own polite texts reach a buyer once an occasion, and never a person's conversation (laws 2 and 6)."""

import pytest

from core.errors import BadArgument, Refused
from core.rules.templates import DEFAULTS
from core.values.templates import TemplateName
from tests.flow.shop import Day, Trade, open_day

N = TemplateName
ANY_HOUR = {"reminders.night_from": "00:00", "reminders.night_to": "00:00"}
pytestmark = pytest.mark.day(settings=ANY_HOUR)
"""Buyers may be reminded at any hour: a test runs at any."""


async def switch(day: Day, name: TemplateName, *, on: bool = True) -> None:
    await day.engine.templates.switch(day.actor(), name, on=on)


async def unpaid(day: Day) -> Trade:
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    await day.quiet()
    return trade


def said(day: Day, trade: Trade, name: TemplateName) -> int:
    """How often an occasion's words stand in the chat."""
    begins = DEFAULTS[name].partition("「")[0]
    ends = DEFAULTS[name].rpartition("」")[2]
    return sum(text.startswith(begins) and text.endswith(ends) for text in day.texts_to(trade))


async def wait_out(day: Day, minutes: float = 31) -> None:
    """The time to remind has come, and then that in which a word may be withdrawn."""
    for length in (minutes, 1, 1):
        await day.later(minutes=length)
        await day.quiet()


# -- 催付


async def test_who_does_not_pay_is_reminded_once(day: Day) -> None:
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    await wait_out(day)
    await day.until(lambda: said(day, trade, N.unpaid))
    for _ in range(3):
        await wait_out(day, 60)
    assert said(day, trade, N.unpaid) == 1
    assert (await day.view(trade)).order.reminded_at is not None


async def test_nobody_is_reminded_unless_the_owner_wants_it(day: Day) -> None:
    trade = await unpaid(day)
    await wait_out(day)
    assert day.texts_to(trade) == []


async def test_who_paid_or_closed_in_the_last_moment_is_not_reminded(day: Day) -> None:
    """The words are planned and wait; payment withdraws them."""
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    await day.later(minutes=31)
    await day.until(lambda: day.one("SELECT count(*) FROM outbox WHERE key LIKE 'template:unpaid:%'"))
    await day.world.control.pay(trade.order_no, show="card")
    await day.until_shipping(trade, "succeeded")
    await day.later(minutes=5)
    await day.quiet()
    assert said(day, trade, N.unpaid) == 0
    assert await day.one("SELECT state FROM outbox WHERE key LIKE 'template:unpaid:%'") == "cancelled"


async def test_who_paid_while_no_frame_came_is_not_reminded(day: Day) -> None:
    """The platform's own record is read just before the word; the shop was deaf."""
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    await day.world.control.fault("drop", probability=1)
    await day.world.control.pay(trade.order_no, show="card")
    await wait_out(day, 29.6)
    assert said(day, trade, N.unpaid) == 0


async def test_without_that_look_he_is(day: Day) -> None:
    """The control: the same with an unpaid record."""
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    await day.world.control.fault("drop", probability=1)
    await wait_out(day, 29.6)
    assert said(day, trade, N.unpaid) == 1


async def test_a_blocked_buyer_is_not_reminded(day: Day) -> None:
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    chat = await day.engine.chats.find(f"#{await day.order_id(trade)}")
    await day.engine.buyers.block(day.actor(), await day.engine.buyers.find(f"c{chat}"), "恶意")
    await wait_out(day)
    assert day.texts_to(trade) == []
    with pytest.raises(Refused, match="buyer_blocked"):
        await day.engine.templates.remind(day.actor(), (await day.view(trade)).order.id)


async def test_where_a_person_speaks_nothing_is_said_and_nothing_later(day: Day) -> None:
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    await day.later(minutes=31)
    await day.until(lambda: day.one("SELECT count(*) FROM outbox WHERE key LIKE 'template:unpaid:%'"))
    await day.world.control.type_by_hand(trade.chat_no, "我来和他说")
    await day.until_told("chat_takeover")
    await wait_out(day, 5)
    await wait_out(day, 30)
    assert said(day, trade, N.unpaid) == 0


async def test_without_dropping_what_waits_he_hears_the_shop_beside_the_person(tmp_path) -> None:
    """The control: a takeover that leaves the shop's own words in the outbox."""
    deaf = {"outbox.cancel_answers": "UPDATE outbox SET done_at = :now WHERE chat_id = :chat_id AND id < 0"}
    async with open_day(tmp_path, settings=ANY_HOUR, replaced=deaf) as day:
        await switch(day, N.unpaid)
        trade = await unpaid(day)
        await day.later(minutes=31)
        await day.until(lambda: day.one("SELECT count(*) FROM outbox WHERE key LIKE 'template:unpaid:%'"))
        await day.world.control.type_by_hand(trade.chat_no, "我来和他说")
        await day.until_told("chat_takeover")
        await wait_out(day, 5)
        assert said(day, trade, N.unpaid) == 1


async def test_at_night_everybody_sleeps(tmp_path) -> None:
    async with open_day(tmp_path, settings={"reminders.night_from": "00:00", "reminders.night_to": "23:59"}) as day:
        await switch(day, N.unpaid)
        trade = await unpaid(day)
        await wait_out(day)
        assert day.texts_to(trade) == []


async def test_a_person_reminds_and_the_shop_does_not_again(day: Day) -> None:
    await switch(day, N.unpaid)
    trade = await unpaid(day)
    order_id = (await day.view(trade)).order.id
    await day.engine.templates.remind(day.actor(), order_id)
    await day.until(lambda: said(day, trade, N.unpaid))
    with pytest.raises(Refused, match="reminded_before"):
        await day.engine.templates.remind(day.actor(), order_id)
    await wait_out(day)
    assert said(day, trade, N.unpaid) == 1


async def test_a_paid_order_is_not_reminded_of(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    with pytest.raises(Refused, match="not_unpaid"):
        await day.engine.templates.remind(day.actor(), (await day.view(trade)).order.id)


# -- paid, and nothing comes yet


async def test_who_paid_for_what_is_missing_is_told_once(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(stock="0"))
    await day.until_shipping(trade, "short")
    await wait_out(day, 1)
    await day.until(lambda: said(day, trade, N.short))
    for _ in range(2):
        await wait_out(day, 30)
    assert said(day, trade, N.short) == 1


async def test_what_is_restocked_at_once_is_not_spoken_of(day: Day) -> None:
    item = await day.card(stock="0")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "short")
    await day.engine.stock.set_free(day.actor(), await day.product(item), 5)
    await day.until_shipping(trade, "succeeded")
    await wait_out(day, 1)
    assert said(day, trade, N.short) == 0


async def test_a_refund_withdraws_the_polite_words(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(stock="0"))
    await day.until_shipping(trade, "short")
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")
    await wait_out(day, 1)
    assert said(day, trade, N.short) == 0


@pytest.mark.parametrize("name", [N.held, N.manual])
async def test_held_and_manual_orders_are_spoken_of_when_the_owner_wants_it(day: Day, name: TemplateName) -> None:
    await switch(day, name)
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    if name is N.held:
        await day.engine.shipping.hold(day.actor(), (await day.view(trade)).order.id, "看看")
    await wait_out(day, 1)
    await day.until(lambda: said(day, trade, name))
    assert len(day.texts_to(trade)) == 1


async def test_orders_from_before_the_shop_are_not_spoken_of(tmp_path) -> None:
    """Else the first connect would write to everybody at once."""
    async with open_day(tmp_path, opened=False) as day:
        item = await day.world.control.item("旧货", 5000, virtual=True)
        trade = await (await day.buyer()).pays(item)
        await day.open()
        await switch(day, N.manual)
        await day.until_shipping(trade, "manual")
        await wait_out(day, 1)
        assert day.texts_to(trade) == []


async def test_a_pause_keeps_them_in(day: Day) -> None:
    await day.engine.pauses.pause(day.actor(), "all", None, None, "")
    trade = await (await day.buyer()).pays(await day.card(stock="0"))
    await day.until_shipping(trade, "short")
    await day.later(minutes=5)
    assert await day.one("SELECT count(*) FROM outbox WHERE key LIKE 'template:%'") == 0


async def test_a_text_whose_answer_is_lost_is_looked_for_and_not_said_again(day: Day) -> None:
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await (await day.buyer()).pays(await day.card(stock="0"))
    await day.until_shipping(trade, "short")
    await wait_out(day, 1)
    await day.until(lambda: said(day, trade, N.short))
    await wait_out(day, 10)
    assert said(day, trade, N.short) == 1


# -- the owner's words


async def test_the_owners_words_are_said_from_then_on(day: Day) -> None:
    await day.engine.templates.write(day.actor(), N.short, "{title}（{quantity}件，{amount}）在路上了")
    trade = await (await day.buyer()).pays(await day.card(stock="0"))
    await day.until_shipping(trade, "short")
    await wait_out(day, 1)
    await day.until(lambda: day.texts_to(trade) == ["充值卡（1件，50.00）在路上了"])
    assert (await day.engine.templates.write(day.actor(), N.short, None)).text == DEFAULTS[N.short]


async def test_a_shop_of_its_own_says_its_own_words(tmp_path) -> None:
    """Where a shop has none, those of all shops stand."""
    async with open_day(tmp_path, settings=ANY_HOUR | {"accounts.0.shop": "店A"}) as day:
        await day.engine.templates.write(day.actor(), N.short, "大家的话")
        assert (await day.engine.templates.show(N.short, "店A")).text == "大家的话"
        await day.engine.templates.write(day.actor(), N.short, "店A的话", "店A")
        trade = await (await day.buyer()).pays(await day.card(stock="0"))
        await day.until_shipping(trade, "short")
        await wait_out(day, 1)
        await day.until(lambda: day.texts_to(trade) == ["店A的话"])
        assert (await day.engine.templates.show(N.short)).text == "大家的话"


async def test_words_a_buyer_must_not_read_are_not_stored(day: Day) -> None:
    with pytest.raises(BadArgument, match="text_stopped"):
        await day.engine.templates.write(day.actor(), N.short, "加我微信 shop888")
    assert (await day.engine.templates.show(N.short)).text == DEFAULTS[N.short]
    assert await day.one("SELECT count(*) FROM acts WHERE verb = 'templates'") == 0
