"""Two chats at once: what is asked in both is decided once, and both tell the outcome."""

from bot.cards.card import Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.values.fulfilment import FulfilmentState
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests.counter import GROUP as DUMMY
from tests.counter import OWNER, Counter, DummyFront, risky_order, state
from tests.flow.wecom_counter import CHAT, GROUP, ZHANG, open_wecom, text_of, words_of


async def beside(there) -> Counter:
    """Another front on the same shop, and a desk and notices that know both."""
    front = DummyFront()
    fronts = Fronts({front.name: front, there.front.name: there.front})
    there.desk, there.notices = Desk(there.engine, fronts, TABLE), Notices(there.engine, fronts)
    there.front._desk = there.desk
    await there.engine.rooms.bind(DUMMY, ChatKind.group)
    await there.engine.people.keep(OWNER, "老板娘", Role.owner)
    return Counter(there.store, there.clock, there.engine, front, there.desk, there.notices)


async def test_an_approval_in_two_chats_is_decided_once_and_told_in_both(tmp_path):
    async with open_wecom(tmp_path) as there:
        here = await beside(there)
        number = await risky_order(here)
        rows = await here.store.people.all("notices.due", now=2**62, most=100)
        for chat in (DUMMY, GROUP):
            await here.notices.show(rows[0]["id"], Way(chat=chat))
        card = there.world.people.cards(CHAT)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        await here.press("拒绝")
        assert await state(here, number) is FulfilmentState.held
        await there.world.people.click(card.task_id, approve, ZHANG)
        told = await there.updated(1)
        assert await state(here, number) is FulfilmentState.held, "the second press decides nothing"
        assert told["for_"] == [ZHANG]
        assert "老板娘" in words_of(told["card"])
        before = len(there.shown())
        await here.tell()
        line = text_of(await there.next(before))
        assert "已拦截" in line
        assert "#1" in line
