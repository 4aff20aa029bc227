"""How loudly and where: the owner's choices hold, what must not be missed is never off, what is muted is counted."""

from pathlib import Path

import pytest

from core.values.notices import NoticeKind, Urgency
from core.values.people import ChatKind
from tests.counter import GROUP, OPERATOR, risky_order
from tests.flow.telling import SECOND, alerts, open_telling, outcomes, typed

K = NoticeKind


async def test_an_event_that_is_off_is_not_shown_and_stands_in_the_log(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 系统 关")
        await t.happens(K.model_down)
        await t.passes()
        assert alerts(t) == []
        assert await outcomes(t) == {"off": 1}
        assert "模型不可用 · 🚫 已关，没显示" in await typed(t, "通知 记录")


async def test_what_is_on_is_shown_with_a_sound_and_silent_without(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await t.happens(K.model_down)
        await t.passes()
        assert t.fronts["dummy"].shown[-1].card.urgency is Urgency.normal
        await typed(t, "通知 系统 无声")
        await t.happens(K.model_down)
        await t.passes()
        assert t.fronts["dummy"].shown[-1].card.urgency is Urgency.quiet
        await typed(t, "notify model_down on")
        await t.happens(K.model_down)
        await t.passes()
        assert t.fronts["dummy"].shown[-1].card.urgency is Urgency.normal, "a kind's own choice comes first"


@pytest.mark.parametrize("word", ["审批", "待核实", "账目不对", "登录失效", "approval_expired", "answer_unknown"])
async def test_what_waits_for_a_person_cannot_be_off(tmp_path: Path, word: str):
    async with open_telling(tmp_path) as t:
        assert "只能无声" in await typed(t, f"通知 {word} 关")
        assert await t.one("SELECT count(*) FROM loudness") == 0
        assert "只能无声" not in await typed(t, f"通知 {word} 无声")


async def test_an_event_turned_off_leaves_silent_what_must_not_be_missed(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        assert "改为无声" in await typed(t, "通知 系统 关")
        await t.happens(K.books_wrong, entity="finding", detail="row 7")
        await t.passes()
        assert t.fronts["dummy"].shown[-1].card.ref == "finding:1"
        assert t.fronts["dummy"].shown[-1].card.urgency is Urgency.quiet


async def test_taps_go_round_and_redraw_the_same_card(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知")
        assert len(t.fronts["dummy"].shown[-1].card.buttons) == 6
        marks = []
        for _ in range(3):
            await t.counter.press("订单")
            assert t.fronts["dummy"].shown[-1].again
            marks.append(dict(t.fronts["dummy"].shown[-1].card.fields)["订单"].split(" · ")[0])
        assert marks == ["🔕 无声", "🚫 关", "🔔 响"]
        for _ in range(2):
            await t.counter.press("审批")
        assert dict(t.fronts["dummy"].shown[-1].card.fields)["审批"] == "🔔 响", "approvals have no off to tap"
        assert await t.one("SELECT count(*) FROM acts WHERE verb = 'notify'") == 5


async def test_every_kind_has_its_button_on_some_page(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 订单")
        seen: set[str] = set()
        kinds = len(t.fronts["dummy"].shown[-1].card.fields)
        for _ in range(0, kinds, 4):
            card = t.fronts["dummy"].shown[-1].card
            assert len(card.buttons) <= 6
            seen |= {button.verb.rsplit(" ", 1)[0] for button in card.buttons[:-2]}
            await t.counter.press("更多")
        assert seen >= {line.label for line in card.fields}


async def test_in_quiet_hours_only_money_and_the_emergency_stop_are_heard(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 勿扰 11:00-13:00")  # the shop's clock stands at 12:00
        await t.happens(K.model_down)
        await risky_order(t.counter)
        await t.passes()
        heard = {s.card.ref: s.card.urgency for s in t.fronts["dummy"].shown if s.card.ref in ("shop:1", "order:1")}
        assert heard == {"shop:1": Urgency.quiet, "order:1": Urgency.urgent}
        await t.counter.type("急停", chat="other:1")
        await t.counter.engine.pauses.stop_all(_actor("dummy:1"))
        await t.passes()
        stop = [s.card for s in t.fronts["dummy"].shown if s.card.ref == "pauses:0"][-1]
        assert stop.urgency is Urgency.urgent
        await typed(t, "通知 勿扰 关")
        await t.happens(K.model_down)
        await t.passes()
        assert t.fronts["dummy"].shown[-1].card.urgency is Urgency.normal


def _actor(who: str):
    from core.values.people import Actor

    return Actor(who=who, name="老板", chat="elsewhere", request="test:stop")


@pytest.mark.parametrize("hours", ["25:00-08:00", "8-9", "23:60-08:00", "x"])
async def test_hours_that_are_none_are_refused(tmp_path: Path, hours: str):
    async with open_telling(tmp_path) as t:
        assert "不是勿扰时段" in await typed(t, f"通知 勿扰 {hours}")


async def test_an_event_goes_to_its_topic_and_back(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 系统 这里", chat=SECOND, topic="7")
        await t.happens(K.model_down)
        await t.happens(K.chat_takeover, entity="shop")
        await t.passes()
        told = [s for s in t.fronts["second"].shown if s.card.ref == "shop:1"]
        assert [s.topic for s in told] == ["7"]
        await t.counter.engine.telling.drop_topic(SECOND, "7")
        await t.happens(K.model_down)
        await t.passes()
        assert t.fronts["second"].shown[-1].topic is None, "a topic that is gone falls back to the main one"
        await typed(t, "通知 系统 主群")
        await t.happens(K.model_down)
        await t.passes()
        assert len(alerts(t)) == 1


async def test_a_topic_of_a_chat_that_is_down_fails_over(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 系统 这里", chat=SECOND, topic="7")
        t.fronts["second"].down = {SECOND}
        await t.happens(K.model_down)
        await t.lives(40)
        shown = t.fronts["dummy"].shown[-1]
        assert (shown.chat, shown.topic) == (GROUP, None)


async def test_a_test_notice_goes_where_and_as_loud_as_a_real_one(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        await typed(t, "通知 库存 这里", chat=SECOND, topic="9")
        await typed(t, "通知 库存 无声")
        await typed(t, "通知 测试 库存")
        await t.passes()
        shown = t.fronts["second"].shown[-1]
        assert (shown.topic, shown.card.urgency) == ("9", Urgency.quiet)
        assert "TEST" in shown.card.title
        before = await t.one("SELECT count(*) FROM acts")
        await t.counter.take(
            t.counter.request(None, button=shown.card.buttons[0].action, chat=SECOND, reply_to=shown.message)
        )
        assert "测试卡" in t.fronts["second"].shown[-1].card.title
        assert await t.one("SELECT count(*) FROM acts") == before


async def test_only_the_owner_chooses_and_only_groups_are_places(tmp_path: Path):
    async with open_telling(tmp_path) as t:
        assert "身份" in await typed(t, "通知 订单 关", who=OPERATOR)
        await t.counter.engine.rooms.bind("dummy:1", ChatKind.private)
        assert "要在群里" in await typed(t, "通知 订单 这里", chat="dummy:1", chat_kind=ChatKind.private)
        assert "只能给整类" in await typed(t, "通知 已发货 这里")


@pytest.mark.parametrize(
    "words",
    ["静音 订单 0次", "静音 胡说 2h", "静音 订单 昨天", "通知 胡说", "通知 订单 大声", "取消静音 999999999999999999"],
)
async def test_words_that_mean_nothing_change_nothing(tmp_path: Path, words: str):
    async with open_telling(tmp_path) as t:
        await t.counter.type(words)
        assert t.counter.last.card.ref == "refused:0"
        assert await t.one("SELECT count(*) FROM mutes") == 0
