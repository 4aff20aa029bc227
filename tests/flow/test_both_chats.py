"""Telegram and WeCom on at once: one decision told in both, one person with two ids, alerts that fail over and return."""

import re
from pathlib import Path

from tests.flow.both import BothDay, open_both
from tests.flow.test_telegram_life import a_risky_trade
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, LI


async def code_of(day: BothDay) -> str:
    """The one-time code that `run --bind` prints."""
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", await day.counter.invitation(asked=True) or "")
    assert found is not None
    return found[0]


async def rooms_of(day: BothDay, front: str) -> list[str]:
    return [room.chat for room in await day.engine.rooms.list_homes(front)]


async def test_the_robot_is_let_into_its_group_by_one_mention_with_the_code(tmp_path: Path):
    """The group's id is learned as received, and people are known by the user id as received."""
    async with open_both(tmp_path, joined=False) as day:
        await day.until_connected()
        code = await code_of(day)
        assert await rooms_of(day, "wecom") == []
        await day.write("绑定 AAAA-AAAA")
        assert await rooms_of(day, "wecom") == [], "a wrong code lets nobody in"
        assert "这个群" in await day.write(f"绑定 {code}")
        assert await rooms_of(day, "wecom") == [GROUP]
        member = await day.engine.people.find(f"wecom:{BOSS}")
        assert member is not None
        assert member.role == "owner"
        await day.write(f"绑定 {code}", LI)
        assert await day.engine.people.find(f"wecom:{LI}") is None, "a code is good once"
        assert await day.engine.people.find(f"wecom:{BOSS.lower()}") is None, "ids are case sensitive"
        await day.close()
        await day.open()
        await day.until_connected()
        assert "老板" in await day.write("我是谁") or BOSS in await day.write("我是谁")
        assert await rooms_of(day, "wecom") == [GROUP], "what was learned outlives the process"


async def test_a_second_id_is_the_same_person_and_the_audit_says_so(tmp_path: Path):
    async with open_both(tmp_path, joined=False) as day:
        await day.until_connected()
        day.type(f"授权 wecom:{BOSS} as m1")
        day.press(await day.see(f"wecom:{BOSS}"), "店主身份")
        await day.until(lambda: day.engine.people.find(f"wecom:{BOSS}"), "the second id")
        one, two = await day.engine.people.find(f"telegram:{day.boss}"), await day.engine.people.find(f"wecom:{BOSS}")
        assert one is not None
        assert two is not None
        assert one.id == two.id
        await day.write("急停", BOSS, BOSS)
        day.type("恢复运行")
        day.press(await day.see("恢复"), "恢复")
        await day.until(lambda: day.rows("SELECT 1 FROM acts WHERE chat LIKE 'telegram:%' AND name = '老板' LIMIT 1"))
        acts = await day.rows("SELECT DISTINCT substr(who, 1, instr(who, ':') - 1) AS front, name FROM acts")
        assert {("wecom", "老板"), ("telegram", "老板")} <= {(row["front"], row["name"]) for row in acts}


async def test_an_escalated_approval_stands_in_both_private_chats_and_is_decided_once(tmp_path: Path):
    async with open_both(tmp_path) as day:
        trade = await a_risky_trade(day)
        card = await day.see("待审批")
        await day.later(minutes=41)
        private = await day.see("待审批|升级|还没人", chat=day.boss)
        theirs = await day.find_card("审批", BOSS)
        await day.click(theirs, "批准")
        await day.until_shipping(trade, "succeeded")
        await day.becomes(card, "已发货")
        await day.becomes(private, "已发货")
        assert "已发货" in await day.read("已发货", BOSS)
        said = await day.click(theirs, "拒绝")
        assert "老板" in said
        assert len(await day.rows("SELECT 1 FROM acts WHERE verb IN ('approve', 'reject')")) == 1
        assert len(day.texts_to(trade)) == 1


async def test_alerts_go_to_the_first_chat_fail_over_to_the_second_and_come_back(tmp_path: Path):
    async with open_both(tmp_path) as day:
        await day.see("已就绪")
        day.tg.fault("drop_before", times=1000, on="sendMessage")
        trade = await a_risky_trade(day)
        await day.click(await day.find_card("待审批"), "批准")
        await day.until_shipping(trade, "succeeded")
        day.tg.fault("drop_before", times=0, on="sendMessage")
        before = len(day.wecom.people.messages(CHAT))
        await day.later(minutes=5)
        second = await a_risky_trade(day)
        card = await day.see("待审批")
        day.press(card, "批准")
        await day.until_shipping(second, "succeeded")
        assert not [body for body in day.wecom.people.messages(CHAT)[before:] if "待审批" in str(body)]


async def test_without_the_second_chat_an_alert_waits_for_the_first(tmp_path: Path):
    """The control: with nowhere to fail over to, the same cut leaves it waiting, and /health says so."""
    async with open_both(tmp_path, joined=False) as day:
        await day.see("已就绪")
        day.tg.fault("drop_before", times=1000, on="sendMessage")
        await a_risky_trade(day)
        await day.until(lambda: day.rows("SELECT 1 FROM notices WHERE kind = 'order_risky'"), "the alert")
        await day.later(minutes=2)
        assert day.wecom.people.messages(CHAT) == []
        day.tg.fault("drop_before", times=0, on="sendMessage")
        await day.later(minutes=5)
        await day.see("待审批")
