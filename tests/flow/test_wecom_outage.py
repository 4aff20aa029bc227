"""A thousand alerts wait out an outage of WeCom and arrive by rank, within the budget; and how fast it is."""

import time

from bot.fronts.wecom.budget import Budget, Kind
from core.clock import SeededChance
from core.config import Config, Settings
from core.flows.tell import Tell
from core.flows.work import Work
from core.moves.notices import tell
from core.values.notices import NoticeKind
from tests import stockroom
from tests.counter import risky_order
from tests.flow.wecom_counter import CHAT, WecomCounter, open_wecom, text_of

K = NoticeKind
MANY = 1000


def work_of(counter: WecomCounter) -> Work:
    return Work(
        store=counter.store,
        settings=Settings(Config()),
        clock=counter.clock,
        chance=SeededChance(1),
        zone=stockroom.ZONE,
        steps=counter.engine.orders._shop.steps,
        run="test",
        markets={},
        accounts={},
        prompts={},
        owner=counter.notices,
    )


async def alert(counter: WecomCounter, count: int) -> None:
    """Half of them may be folded when there are many; the other half, which comes later, never, and ranks higher."""

    def work(tx):
        account = stockroom.open_account(tx)
        product = stockroom.add_product(tx, account, "910001", auto_ship="on", text="好")
        for n in range(count // 2):
            tell(tx, stockroom.cause(), K.stock_low, "product", product, once=f"low{n}")
        for n in range(count // 2):
            tell(tx, stockroom.cause(), K.challenged, "account", account, once=f"slider{n}")

    await counter.store.write(work)


async def test_a_thousand_alerts_of_an_outage_arrive_by_rank_within_the_budget(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await counter.hang_up()
        await alert(counter, MANY)
        telling = Tell(work_of(counter))
        await telling.step()
        await telling.quiet()
        assert counter.shown() == []
        await counter.connect()
        minutes = await empty(counter, telling)
        assert counter.world.office.noted("refused") == [], "the gateway never had to refuse"
        told, folded, messages = await count(counter, "told"), await count(counter, "folded"), counter.shown()
        assert told + folded >= MANY, "none is lost"
        assert await fates(counter) == {"stock_low": MANY // 2, "challenged": MANY // 2}
        assert len(messages) == told
        urgent = [n for n, body in enumerate(messages) if "在线" in text_of(body)]
        assert len(urgent) == MANY // 2
        assert urgent == list(range(MANY // 2)), "the higher rank came first, though it was told later"
        assert minutes >= (MANY // 2) / 25 - 1


async def fates(counter: WecomCounter) -> dict[str, int]:
    """How many of each kind came to their end, shown by themselves or folded into another."""
    sql = (
        "SELECT kind, count(*) FROM notices WHERE state = 'done' AND kind IN ('stock_low', 'challenged') GROUP BY kind"
    )
    rows = await counter.store.people._connection.execute_fetchall(sql)
    return {row[0]: row[1] for row in rows}


class Boundless(Budget):
    """A budget that is never used up."""

    def wait_s(self, chat: str, kind: Kind, now: float, count: int = 1) -> float:
        return 0.0


async def test_without_our_budget_the_gateway_would_have_to_refuse(tmp_path):
    """The control."""
    async with open_wecom(tmp_path) as counter:
        counter.front._mouth._budget = Boundless()
        await counter.hang_up()
        await alert(counter, 80)
        await counter.connect()
        await empty(counter, Tell(work_of(counter)))
        assert {entry["errcode"] for entry in counter.world.office.noted("refused")} == {45009}


async def empty(counter: WecomCounter, telling: Tell) -> float:
    """Let shop time pass until nothing waits; how many minutes that took."""
    steps = 0
    while await left(counter):
        counter.clock.advance(10)
        steps += 1
        while await telling.step():
            await telling.quiet()
        assert steps < 1000
    return steps / 6


async def left(counter: WecomCounter) -> int:
    rows = await counter.store.people.all("notices.due", now=2**62, most=5000)
    return len(rows)


async def count(counter: WecomCounter, outcome: str) -> int:
    sql = "SELECT count(*) FROM notices WHERE outcome = ?"
    rows = list(await counter.store.people._connection.execute_fetchall(sql, (outcome,)))
    return int(rows[0][0])


async def test_a_press_changes_its_card_within_a_fifth_of_a_second(tmp_path):
    async with open_wecom(tmp_path) as counter:
        waits = []
        for n in range(1, 6):
            await risky_order(counter, n)
        await counter.tell()
        for n, card in enumerate(counter.world.people.cards(CHAT)[:5]):
            key = card.card["button_list"][0]["key"]
            began = time.perf_counter()
            await counter.world.people.click(card.task_id, key, "ZhangSan")
            await counter.updated(n + 1)
            waits.append(time.perf_counter() - began)
        assert sorted(waits)[2] < 0.2
