"""When a burst is answered, how long typing takes, and how fast an account writes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.config import Limits, Replies
from core.rules.pacing import answer_due_at, next_write_at, take_turns, typing_s

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_single_message_is_answered_after_two_seconds():
    assert answer_due_at(NOW, NOW, Replies()) == after(2)


def test_each_further_message_waits_two_seconds_more_but_never_over_eight_in_all():
    assert [answer_due_at(after(at), NOW, Replies()) for at in (1, 5, 7, 9)] == [after(3), after(7), after(8), after(9)]


def test_typing_takes_a_tenth_of_a_second_a_character_and_six_at_most():
    assert typing_s("好" * 10, Replies()) == 1.0
    assert typing_s("好" * 100, Replies()) == 6.0


@given(st.lists(st.floats(0, 50), max_size=60))
def test_an_account_never_writes_more_than_one_a_second_and_thirty_a_minute(wishes: list[float]):
    written: list[float] = []
    for now in sorted(wishes):
        at = next_write_at(max(now, written[-1] if written else 0), [w for w in written if w > now - 60], Limits())
        written.append(at)
    for earlier, later in pairwise(written):
        assert later - earlier >= 1 - 1e-6
    for first, thirtieth in zip(written, written[30:], strict=False):
        assert thirtieth - first >= 60 - 1e-6


def test_words_and_goods_take_turns_beginning_with_whose_turn_it_was_not():
    assert take_turns("ab", "12345", words_last=False) == ["a", "1", "b", "2", "3", "4", "5"]
    assert take_turns("ab", "12345", words_last=True) == ["1", "a", "2", "b", "3", "4", "5"]
    assert take_turns("abc", "", words_last=True) == ["a", "b", "c"]
    assert take_turns("", "12", words_last=False) == ["1", "2"]


@given(st.lists(st.integers(1, 9)), st.lists(st.integers(11, 19)), st.booleans())
def test_nobody_is_left_out_or_overtaken_in_his_own_line(words: list[int], goods: list[int], words_last: bool):
    turns = take_turns(words, goods, words_last=words_last)
    assert [one for one in turns if one < 10] == words
    assert [one for one in turns if one > 10] == goods
