"""What is muted, or comes too fast, is counted and told of as one line: never lost."""

from pathlib import Path

from core.store.queries import load as load_queries
from core.values.notices import NoticeKind, Urgency
from tests.counter import GROUP, OPERATOR, risky_order
from tests.flow.telling import SECOND, alerts, open_telling, outcomes, typed

K = NoticeKind


async def test_what_is_muted_is_counted_and_told_as_one_line_at_the_end(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "静音 系统 30m", who=OPERATOR)
        await t.happens(K.model_down, 4)
        await t.lives(60, step_s=10)
        assert alerts(t) == []
        t.counter.later(minutes=30)
        await t.passes(2)
        assert alerts(t) == ["🔔 静音结束 · 系统 · 期间 4 条"]
        await t.counter.press("看清单")
        assert t.counter.last.card.title == "📜 最近 4 条通知"


async def test_without_the_end_line_what_was_muted_vanishes(tmp_path: Path):
    """The control: with the digest's statement off, nobody ever hears of the four."""
    never = load_queries()["telling.end_mute"].replace("ended_at IS NULL", "0")
    async with open_telling(tmp_path, replaced={"telling.end_mute": never}) as t:
        await typed(t, "静音 系统 30m")
        await t.happens(K.model_down, 4)
        await t.passes()
        t.counter.later(minutes=30)
        await t.passes(2)
        assert alerts(t) == []


async def test_a_mute_of_so_many_times_ends_by_itself(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "静音 模型不可用 2次")
        await t.happens(K.model_down, 3)
        await t.passes(3)
        assert sorted(alerts(t)) == sorted(["🔌 模型不可用", "🔔 静音结束 · 模型不可用 · 期间 2 条"])


async def test_unmute_says_how_many_there_were(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "静音 系统 2h")
        await t.happens(K.model_down, 2)
        await t.passes()
        assert "期间 2 条" in await typed(t, "取消静音 系统")
        await t.happens(K.model_down)
        await t.passes()
        assert alerts(t)[-1] == "🔌 模型不可用"
        assert "没有静音「系统」" in await typed(t, "取消静音 系统")


async def test_a_mute_of_an_order_a_product_or_a_chat_covers_its_notices(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        order = await risky_order(t.counter)
        await t.passes()
        for word in ("p1", f"#{order}"):
            await typed(t, f"静音 {word} 1h")
            await t.happens(K.order_failed, entity="order", entity_id=order)
            await t.passes()
            assert (await outcomes(t))["muted"] == 1, word
            await typed(t, f"取消静音 {word}")
            await t.counter.store.write(
                lambda tx: tx._connection.execute("UPDATE notices SET outcome = 'told' WHERE outcome = 'muted'")
            )


async def test_what_must_be_decided_is_shown_in_a_mute_without_a_sound(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "静音 审批 2h")
        await risky_order(t.counter)
        await t.passes()
        shown = [s for s in t.fronts["dummy"].shown if s.card.ref == "order:1"]
        assert [s.card.urgency for s in shown] == [Urgency.quiet]


async def test_a_flood_becomes_one_card_with_its_count_and_its_list(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.happens(K.model_down, 47)
        await t.passes(3)
        assert len(alerts(t)) == 10
        t.counter.later(minutes=1, seconds=1)
        await t.passes(2)
        assert alerts(t)[-1] == "📚 一下子太多 · 模型不可用 ×37"
        assert await t.waiting() == 0
        assert await outcomes(t) == {"told": 11, "folded": 37}
        await t.counter.press("看清单")
        assert t.counter.last.card.title == "📜 最近 20 条通知"
        await t.happens(K.model_down)
        await t.passes()
        assert alerts(t)[-1] == "🔌 模型不可用", "afterwards they are shown one by one again"


async def test_a_flood_of_what_must_be_decided_is_shown_one_by_one(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.happens(K.books_wrong, 30, entity="finding", detail="row")
        await t.passes(3)
        assert len(t.titles("dummy")) == 30


async def test_a_thousand_after_an_outage_come_by_rank_and_folded_and_none_is_lost(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        t.fronts["dummy"].down, t.fronts["second"].down = {GROUP}, {SECOND}
        for kind, entity in ((K.model_down, "shop"), (K.books_wrong, "finding"), (K.quarantined, "inbox")):
            await t.happens(kind, 330, entity=entity, detail="x")
        await t.lives(120, step_s=10)
        t.fronts["dummy"].down = t.fronts["second"].down = set()
        await t.lives(300, step_s=5)
        await t.passes(60)
        assert await t.waiting() == 0
        assert sum((await outcomes(t)).values()) == 992, "all of them, and the two digests"
        titles = t.titles("dummy") + t.titles("second")
        assert "账" in titles[0] or "账" in titles[1], "what must be decided comes first"
        assert any("×320" in title for title in titles)
