"""The budget: whatever is asked in whatever order, Telegram's limits hold and answers find the room kept for them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.fronts.telegram.budget import GROUP, Budget, Kind

CHATS = (-1, -2, 5, 6)
ASKED = st.lists(
    st.tuples(st.sampled_from(CHATS), st.sampled_from(Kind), st.floats(0, 4, allow_nan=False)), max_size=300
)


def play(asked, *, guarded: bool = True) -> list[tuple[int, float]]:
    """What goes out, and when, if everybody who is told to wait gives up."""
    budget, now, sent = Budget(), 100.0, []
    for chat, kind, later in asked:
        now += later
        if budget.wait_s(chat, kind, now) <= 0 or not guarded:
            budget.spend(chat, now)
            sent.append((chat, now))
    return sent


def most_within(times: list[float], window_s: float) -> int:
    return max((sum(1 for at in times if end - window_s < at <= end) for end in times), default=0)


@given(ASKED)
def test_no_limit_is_ever_passed(asked):
    sent = play(asked)
    for chat in CHATS:
        times = [at for where, at in sent if where == chat]
        assert most_within(times, 60 if chat < 0 else 5) <= (20 if chat < 0 else 5)
    assert most_within([at for _, at in sent], 1) <= 30


def test_without_the_budget_a_limit_is_passed():
    """The control."""
    assert most_within([at for _, at in play([(-1, Kind.notice, 0.0)] * 25, guarded=False)], 60) > 20


@given(ASKED)
def test_whoever_waits_as_long_as_told_may_go(asked):
    budget, now = Budget(), 100.0
    for chat, kind, later in asked:
        now += later
        while (wait_s := budget.wait_s(chat, kind, now)) > 0:
            now += wait_s
        budget.spend(chat, now)


@given(st.integers(0, 60))
def test_notices_and_edits_leave_room_for_answers(count):
    budget = Budget()
    for n in range(count):
        for kind in (Kind.notice, Kind.edit):
            if budget.wait_s(-1, kind, 100.0 + n / 100) <= 0:
                budget.spend(-1, 100.0 + n / 100)
    free = 0
    while budget.wait_s(-1, Kind.answer, 102.0) <= 0:
        budget.spend(-1, 102.0)
        free += 1
    assert free >= GROUP[Kind.answer] - GROUP[Kind.notice]


def test_a_rest_asked_for_holds_one_chat_or_all():
    budget = Budget()
    budget.hold(-1, 107.0)
    assert budget.wait_s(-1, Kind.answer, 100.0) == 7.0
    assert budget.wait_s(-2, Kind.answer, 100.0) == 0.0
    assert budget.is_held_elsewhere(-2, 100.0)
    assert not budget.is_held_elsewhere(-1, 100.0)
    budget.hold(None, 103.0)
    assert budget.wait_s(-2, Kind.answer, 100.0) == 3.0


def test_chats_in_which_nothing_is_said_are_forgotten():
    budget = Budget()
    for chat in range(1, 500):
        budget.spend(chat, 100.0 + chat)
    assert len(budget._sent) < 200
