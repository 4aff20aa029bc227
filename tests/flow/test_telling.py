"""Where notices go: the first chat, the next when it fails, never lost, never to all; a busy chat holds back no other."""

from pathlib import Path

from core.rules import reach
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from tests.counter import GROUP, risky_order
from tests.flow.telling import FIRST_IS_DOWN_S, SECOND, open_telling

K = NoticeKind
PRIVATE = "dummy:1"
"""The private chat of the owner of tests/counter."""


async def test_an_alert_goes_to_the_first_chat_and_to_no_other(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.happens(K.model_down, 3)
        await t.passes()
        assert (len(t.titles("dummy")), len(t.titles("second"))) == (3, 0)
        assert await t.waiting() == 0


async def test_an_alert_goes_to_the_next_chat_when_the_first_fails_for_a_while(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].down = {GROUP}
        await t.happens(K.model_down)
        await t.lives(5)
        assert t.titles("second") == [], "a short failure is waited for"
        await t.lives(FIRST_IS_DOWN_S)
        assert len(t.titles("second")) == 1
        assert "可能重复" not in t.titles("second")[0], "the first surely did not show it"
        await t.happens(K.model_down)
        await t.passes(2)
        assert len(t.titles("second")) == 2, "while it is down the next one is at once told elsewhere"


async def test_what_may_stand_in_the_first_chat_comes_again_marked_so(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].lost = {GROUP}
        await t.happens(K.model_down)
        await t.lives(FIRST_IS_DOWN_S)
        assert "可能重复" not in t.titles("dummy")[0]
        assert all("可能重复" in title for title in (*t.titles("dummy")[1:], *t.titles("second")))
        assert len(t.titles("second")) == 1
        assert await t.waiting() == 0


async def test_without_fail_over_the_alert_is_not_shown(tmp_path: Path):
    """The control: with one chat only, what it cannot take waits, and stands in /health."""
    async with open_telling(tmp_path, chats=(GROUP,)) as t:
        t.fronts["dummy"].down = {GROUP}
        await t.happens(K.model_down)
        await t.lives(300, step_s=5)
        assert t.titles("dummy") == []
        health = await t.counter.engine.health.show()
        assert health.notice_backlog == 1
        assert (health.oldest_notice_s or 0) > 250


async def test_a_chat_that_comes_back_is_the_first_again(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].down = {GROUP}
        await t.happens(K.model_down)
        await t.lives(FIRST_IS_DOWN_S)
        t.fronts["dummy"].down = set()
        await t.lives(reach.AGAIN_S[-1] + 1, step_s=5)
        await t.happens(K.model_down)
        await t.passes()
        assert len(t.titles("dummy")) == 1


async def test_when_no_chat_takes_it_the_alert_waits_and_then_arrives_once(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].down, t.fronts["second"].down = {GROUP}, {SECOND}
        await t.happens(K.model_down, 5)
        await t.lives(200, step_s=5)
        assert await t.waiting() == 5
        t.fronts["dummy"].down = t.fronts["second"].down = set()
        await t.lives(70, step_s=5)
        assert len(t.titles("dummy")) + len(t.titles("second")) == 5
        assert await t.waiting() == 0


async def test_a_chat_the_shop_was_thrown_out_of_is_passed_over_at_once(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.store.write(
            lambda tx: tx._connection.execute("UPDATE rooms SET left_at = 1 WHERE chat = ?", (GROUP,))
        )
        await t.happens(K.model_down)
        await t.passes()
        assert (len(t.titles("dummy")), len(t.titles("second"))) == (0, 1)


async def test_a_busy_chat_holds_back_no_other_and_burns_no_writer(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.engine.rooms.bind(PRIVATE, ChatKind.private)
        await t.happens(K.books_wrong, 200, entity="finding")
        t.fronts["dummy"].busy = 10**9
        await t.passes(20)
        assert await t.one("SELECT sum(attempts) FROM notices") == 0, "a busy chat is no failed try"
        before = await t.one("SELECT total_changes()")
        await t.passes(20)
        assert await t.one("SELECT total_changes()") == before
        assert await t.waiting() == 200
        t.fronts["dummy"].busy = 0
        t.counter.later(seconds=2)
        await t.passes(20)
        assert len(t.titles("dummy")) == 200


async def test_a_busy_chat_is_not_left_for_another(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].busy = 3
        await t.happens(K.model_down, 4)
        await t.lives(20)
        assert (len(t.titles("dummy")), len(t.titles("second"))) == (4, 0)
        assert not any("可能重复" in title for title in t.titles("dummy"))


async def test_what_must_be_decided_comes_before_alerts_and_alerts_before_the_rest(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.happens(K.chat_takeover_ended, entity="chat")
        await t.happens(K.stock_low, entity="product")
        await t.happens(K.model_down)
        order = await risky_order(t.counter)
        rows = await t.counter.store.people.all("notices.due", now=2**62, most=9)
        assert [row["kind"] for row in rows] == ["order_risky", "stock_low", "model_down", "chat_takeover_ended"]
        assert order == 1


async def test_approvals_and_escalations_also_stand_in_the_owners_private_chat(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.engine.rooms.bind(PRIVATE, ChatKind.private)
        await t.counter.engine.rooms.bind("dummy:2", ChatKind.private)
        await risky_order(t.counter)
        await t.passes()
        assert sorted(shown.chat for shown in t.fronts["dummy"].shown) == sorted([GROUP, PRIVATE])
        await t.counter.press("批准", card=next(one for one in t.fronts["dummy"].shown if one.chat == GROUP))
        await t.passes(2)
        newest = {shown.chat: shown.card.title for shown in t.fronts["dummy"].shown}
        assert newest[GROUP] == newest[PRIVATE]
        assert "即将发货" in newest[PRIVATE]


async def test_a_private_chat_that_cannot_be_reached_holds_back_no_group(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.engine.rooms.bind(PRIVATE, ChatKind.private)
        t.fronts["dummy"].down = {PRIVATE}
        await risky_order(t.counter)
        await t.happens(K.approval_escalated, entity="order")
        await t.lives(60, step_s=5)
        assert {shown.chat for shown in t.fronts["dummy"].shown} == {GROUP}
        assert len(t.titles("dummy")) == 2
        assert (await t.counter.engine.health.show()).notice_backlog == 2


async def test_an_owner_no_more_is_not_told_in_private(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.engine.rooms.bind(PRIVATE, ChatKind.private)
        await risky_order(t.counter)
        await t.counter.engine.people.keep(PRIVATE, "老板", Role.operator)
        await t.passes()
        assert {shown.chat for shown in t.fronts["dummy"].shown} == {GROUP}
        assert await t.one("SELECT outcome FROM notices WHERE chat IS NOT NULL") == "gone"


async def test_without_a_group_the_owner_is_told_in_private_and_once(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.counter.engine.rooms.bind(PRIVATE, ChatKind.private)
        await t.counter.store.write(lambda tx: tx._connection.execute("DELETE FROM rooms WHERE kind = 'group'"))
        await risky_order(t.counter)
        await t.happens(K.model_down)
        await t.passes()
        assert [shown.chat for shown in t.fronts["dummy"].shown] == [PRIVATE, PRIVATE]
        assert await t.waiting() == 0


async def test_a_notice_no_chat_can_take_does_not_hold_back_the_others(tmp_path: Path):
    """Poison: the front refuses that one card for ever."""
    async with open_telling(tmp_path, chats=(GROUP,)) as t:
        await t.happens(K.model_down)
        poisoned = await t.one("SELECT id FROM notices")
        await t.happens(K.books_wrong, entity="finding", detail="row 7")
        await t.counter.store.write(
            lambda tx: tx._connection.execute("UPDATE notices SET priority = 0 WHERE id = ?", (poisoned,))
        )
        front = t.fronts["dummy"]
        show = front._show

        def picky(chat, card, **more):
            if card.ref == "shop:1":
                front.down = {chat}
            try:
                return show(chat, card, **more)
            finally:
                front.down = set()

        front._show = picky
        await t.lives(240, step_s=5)
        assert len(t.titles("dummy")) == 1


async def test_a_card_its_chat_refuses_for_good_is_given_up_and_stands_in_health(tmp_path: Path):
    """Nobody else takes it, and the chat takes all others: it is not tried for ever."""
    async with open_telling(tmp_path, chats=(GROUP,)) as t:
        picky = t.fronts["dummy"]
        picky.poison = "模型"
        await t.happens(K.model_down)
        for _ in range(4):
            await t.happens(K.books_wrong)
            await t.lives(240, step_s=5)
        assert len([title for title in t.titles("dummy") if "账目" in title]) == 4, "the others were told"
        assert await t.waiting() == 0
        assert (await t.counter.engine.health.show()).notices_failed == 1


async def test_a_chat_that_refuses_everything_keeps_what_waits_for_it(tmp_path: Path):
    """The control: the bot may not write there for a while. Nothing is given up, and all of it comes."""
    async with open_telling(tmp_path, chats=(GROUP,)) as t:
        picky = t.fronts["dummy"]
        picky.poison = ""
        await t.happens(K.model_down, 2)
        await t.lives(3600, step_s=20)
        assert await t.waiting() == 2
        picky.poison = None
        await t.lives(90, step_s=5)
        assert len(t.titles("dummy")) == 2
