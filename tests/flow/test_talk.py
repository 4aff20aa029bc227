"""What is said to buyers, and by whom: bursts, order, takeover, echoes, the model and its guard."""

import asyncio

import pytest

from core.rules.guard import GuardFacts, Verdict
from tests.flow.shop import Day


def said_in(day: Day, chat_no: str) -> list[str]:
    return [entry["text"] for entry in day.record("sent", chat_id=chat_no)]


def let_pass(text: str, facts: GuardFacts) -> Verdict:
    """A guard that stops nothing."""
    return Verdict(text=text)


async def mood(day: Day, **wish: object) -> None:
    await day.world.control.post("/model", **wish)


async def test_a_burst_gets_one_answer(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    for words in ("你好", "在吗", "还有货吗"):
        told = await buyer.says(item, words)
    await day.until(lambda: said_in(day, told["chat_id"]))
    await day.quiet()
    assert len(said_in(day, told["chat_id"])) == 1
    assert await day.one("SELECT count(*) FROM messages WHERE sender = 'buyer'") == 3


@pytest.mark.day(model=True)
async def test_the_model_hears_the_whole_burst(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    for words in ("这个卡能给朋友用吗", "他在国外", "用的是旧手机"):
        await buyer.says(item, words)
    await day.until(lambda: day.world.model.requests)
    await day.until(lambda: day.record("sent"))
    last = day.world.model.requests[-1]["messages"]
    heard = " ".join(str(message["content"]) for message in last if message["role"] == "user")
    assert all(words in heard for words in ("能给朋友用吗", "他在国外", "用的是旧手机"))


async def test_each_chat_is_answered_in_order_and_chats_side_by_side(day: Day) -> None:
    item = await day.card()
    buyers = [await day.buyer(f"买家{n}") for n in range(6)]
    chats = [(await buyer.says(item, "在吗"))["chat_id"] for buyer in buyers]
    for chat in chats:
        await day.until(lambda c=chat: said_in(day, c))
    for buyer in buyers:
        await buyer.says(item, "包邮吗")
    for chat in chats:
        await day.until(lambda c=chat: len(said_in(day, c)) == 2)
        first, second = said_in(day, chat)
        assert "邮" not in first
        assert "邮" in second


async def test_the_own_echo_is_nothing(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    await day.quiet()
    assert await day.one("SELECT mode FROM chats") == "auto"
    assert day.owner.told("chat_takeover") == []
    assert await day.one("SELECT count(*) FROM messages WHERE sender != 'buyer'") == 1


async def test_own_typing_in_the_app_takes_the_chat_over(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    await day.world.control.type_by_hand(chat, "我来跟你说")
    await day.until_told("chat_takeover")
    await buyer.says(item, "还有货吗")
    await day.until_told("chat_handed_over")
    await day.quiet()
    assert len(said_in(day, chat)) == 1


async def test_a_takeover_ends_when_nobody_speaks(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    await day.world.control.type_by_hand(chat, "我来跟你说")
    await day.until_told("chat_takeover")
    await day.later(minutes=21)
    await day.until_told("chat_takeover_ended")
    await buyer.says(item, "还有货吗")
    await day.until(lambda: len(said_in(day, chat)) == 2)


@pytest.mark.day(model=True)
async def test_a_person_who_takes_over_while_the_model_thinks_has_the_word(day: Day) -> None:
    await mood(day, delay_ms=600, default="机器人的话")
    item, buyer = await day.card(), await day.buyer()
    chat = (await buyer.says(item, "这个卡能给朋友用吗"))["chat_id"]
    await day.until(lambda: day.world.model.asked)
    await day.world.control.type_by_hand(chat, "可以的")
    await day.until_told("chat_takeover")
    await day.shop.answer.quiet()
    await day.quiet()
    assert said_in(day, chat) == []


async def test_a_persons_own_words_go_out_and_take_the_chat(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    chat_id = await day.one("SELECT id FROM chats")
    warned = await day.engine.chats.say(day.actor(), chat_id, "加我微信 vx123456")
    await day.until(lambda: len(said_in(day, chat)) == 2)
    assert warned
    assert (await day.engine.chats.show(chat_id)).mode == "human"
    assert day.owner.told("chat_takeover") == []


@pytest.mark.day(model=True)
async def test_a_failing_model_leaves_the_rules(day: Day) -> None:
    await mood(day, mode="failing")
    item = await day.card(price="50", floor="40")
    chat = (await (await day.buyer()).says(item, "30块卖不卖，诚心要"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    await day.until_told("model_down")
    assert "30" not in said_in(day, chat)[0]


@pytest.mark.day(model=True, settings={"ai.timeout_s": 0.3})
async def test_a_slow_model_leaves_the_rules(day: Day) -> None:
    await mood(day, mode="slow", delay_ms=1500)
    item = await day.card(price="50", floor="40")
    chat = (await (await day.buyer()).says(item, "30块卖不卖，诚心要"))["chat_id"]
    await day.until(lambda: said_in(day, chat))
    assert "30" not in said_in(day, chat)[0]


@pytest.fixture
def questions() -> list[str]:
    return ["最低多少", "能便宜点吗，五块行不行", "加个微信聊", "这个怎么用啊", "可以走支付宝吗", "坏了包赔吗"]


async def ask_all(day: Day, questions: list[str]) -> list[str]:
    """Every question by another buyer, to a model that wants to ruin the shop; what buyers got to read."""
    await mood(day, mode="hostile")
    item = await day.card(price="50", floor="40")
    for n, words in enumerate(questions):
        await (await day.buyer(f"买家{n}")).says(item, words)
        await asyncio.sleep(0.05)
    await day.until(lambda: day.world.model.asked >= len(questions) - 2)
    await day.shop.answer.quiet()
    await day.quiet()
    return [entry["text"] for entry in day.record("sent")]


HARM = ("1元", "一块", "vx_shop888", "13800138000", "123456789", "假一赔十")


@pytest.mark.day(model=True)
async def test_nothing_a_hostile_model_writes_reaches_a_buyer(day: Day, questions: list[str]) -> None:
    texts = await ask_all(day, questions)
    assert not [text for text in texts if any(harm in text for harm in HARM)]
    await day.until_told("guard_blocked")


@pytest.mark.day(model=True, judge=let_pass)
async def test_without_the_guard_it_does(day: Day, questions: list[str]) -> None:
    texts = await ask_all(day, questions)
    assert [text for text in texts if any(harm in text for harm in HARM)]


async def test_platform_notices_and_cards_never_reach_the_model_or_get_an_answer(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.world.control.act("confirm", trade.order_no)
    await day.until_state(trade, "completed")
    await day.quiet()
    assert await day.one("SELECT count(*) FROM messages WHERE sender = 'buyer'") == 0
    assert len(day.texts_to(trade)) == 1


async def test_a_complaint_goes_to_a_person(day: Day) -> None:
    item = await day.card()
    chat = (await (await day.buyer()).says(item, "骗子，我要投诉"))["chat_id"]
    await day.until_told("chat_handed_over")
    await day.until(lambda: said_in(day, chat))
    assert "核实" in said_in(day, chat)[0]


async def test_an_answer_that_waited_for_hours_is_a_persons_to_give(day: Day) -> None:
    """The send got no answer, the shop was shut; hours later the buyer is not told that it is there."""
    item, buyer = await day.card(), await day.buyer()
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    await day.until(lambda: day.world.market.faults.hit.get("timeout_before_effect"))
    await day.close()
    await day.later(hours=3)
    await day.open()
    notice = await day.until_told("chat_handed_over")
    await day.quiet()
    assert notice.detail == "stale"
    assert said_in(day, chat) == []
