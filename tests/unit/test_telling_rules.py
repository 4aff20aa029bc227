"""Which chat takes an alert, and how loudly a kind is told: pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.rules import reach, telling
from core.rules.reach import FINE, Standing
from core.values.notices import NoticeKind
from core.values.telling import Event, Level, QuietHours

K = NoticeKind
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def failing(times: int) -> Standing:
    standing = FINE
    for _ in range(times):
        standing = reach.failed(standing, NOW)
    return standing


def test_a_chat_that_failed_a_few_times_is_waited_for_and_then_passed_over():
    assert [reach.choose(("a", "b"), {"a": failing(n)}, NOW) for n in range(6)] == ["a", "a", "a", "a", "b", "b"]


def test_a_chat_that_is_down_is_tried_again_when_its_wait_is_over():
    later = NOW + timedelta(seconds=reach.AGAIN_S[-1])
    assert reach.choose(("a", "b"), {"a": failing(5)}, later) == "a"


def test_when_all_are_down_the_one_that_is_tried_first_is_chosen():
    longer = reach.failed(failing(5), NOW, 300)
    assert reach.choose(("a", "b"), {"a": longer, "b": failing(5)}, NOW) == "b"
    assert reach.choose((), {}, NOW) is None


def test_a_busy_chat_is_waited_for_unless_it_is_for_long():
    assert reach.choose(("a", "b"), {"a": reach.busy(FINE, NOW, 40)}, NOW) == "a"
    assert reach.choose(("a", "b"), {"a": reach.busy(FINE, NOW, 3600)}, NOW) == "b"


@pytest.mark.parametrize("kind", sorted(telling.NEVER_OFF))
def test_what_waits_for_a_person_is_never_off(kind: NoticeKind):
    everything = dict.fromkeys((*Event, *K), Level.off)
    assert telling.level_of(kind, {word.value: level for word, level in everything.items()}) is Level.silent


def test_approvals_logins_books_and_doubts_are_among_what_is_never_off():
    assert not telling.may_be_off("approvals")
    assert {K.order_risky, K.order_unknown, K.answer_unknown, K.books_wrong, K.login_expired} <= telling.NEVER_OFF


def test_a_kinds_own_level_comes_before_its_events():
    chosen = {"orders": Level.off, "order_failed": Level.on}
    assert telling.level_of(K.order_failed, chosen) is Level.on
    assert telling.level_of(K.order_cancelled, chosen) is Level.off
    assert telling.level_of(K.order_shipped, {"orders": Level.on}) is Level.silent, "on is as the kind is by itself"


def test_every_kind_has_an_event_and_no_kind_is_told_by_two():
    told = [kind for event in Event for kind in telling.kinds_of(event)]
    assert sorted(told) == sorted(kind for kind in K if kind not in telling.OWN_WAY)


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((11, 13), True), ((13, 11), False), ((23, 8), False), ((12, 12), True), ((22, 13), True), ((12, 13), True)],
)
def test_quiet_hours_may_go_over_midnight(hours: tuple[int, int], quiet: bool):
    span = QuietHours(from_minute=hours[0] * 60, to_minute=hours[1] * 60)
    assert telling.is_quiet(span, NOW, SHANGHAI) is quiet  # it is noon in Shanghai


def test_only_the_emergency_stop_among_pauses_is_heard_in_quiet_hours():
    assert telling.is_heard(K.paused, "stop telegram:-1")
    assert not telling.is_heard(K.paused, "all telegram:-1")
