"""An effect that failed: again, give up, ask the platform, or wait for the owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Retry
from core.errors import Busy, Challenged, LoginExpired, MarketDown, ModelDown, NotFound, Refused, Unknown
from core.rules.retry import Verdict, decide, wait_s
from core.values.fulfilment import ErrorClass

RETRY = Retry()


def test_the_waits_are_half_a_minute_two_and_eight_minutes():
    assert [wait_s(attempts, RETRY, 0.5) for attempts in (1, 2, 3)] == [30, 120, 480]


@given(st.integers(1, 20), st.floats(0, 1))
def test_a_wait_varies_by_a_fifth_at_most(attempts: int, dice: float):
    plain = wait_s(attempts, RETRY, 0.5)
    assert 0.8 * plain - 1e-9 <= wait_s(attempts, RETRY, dice) <= 1.2 * plain + 1e-9
    assert plain <= 480


def test_after_four_attempts_it_is_given_up():
    error = MarketDown("down")
    assert [decide(error, attempts, RETRY, 0.5).verdict for attempts in (1, 2, 3, 4)] == [Verdict.again] * 3 + [
        Verdict.give_up
    ]


def test_the_other_sides_wish_to_wait_longer_is_honoured():
    assert decide(Busy("busy", retry_after_s=900), 1, RETRY, 0.5).delay_s == 900
    assert decide(Busy("busy", retry_after_s=1), 1, RETRY, 0.5).delay_s == 30
    assert decide(Busy("busy", retry_after_s=99_999_999_999), 1, RETRY, 0.5).delay_s == 3600


@pytest.mark.parametrize("error", [Refused("no"), NotFound("none")])
def test_a_business_error_is_never_tried_again(error: Exception):
    decision = decide(error, 1, RETRY, 0.5)
    assert (decision.verdict, decision.error_class) == (Verdict.give_up, ErrorClass.business)


def test_an_unknown_outcome_is_asked_about_and_never_simply_tried_again():
    assert decide(Unknown("sent"), 1, RETRY, 0.5).verdict is Verdict.ask_platform
    assert decide(Unknown("sent"), 99, RETRY, 0.5).verdict is Verdict.ask_platform


@pytest.mark.parametrize("error", [LoginExpired("gone"), Challenged("slider")])
def test_what_only_the_owner_can_clear_waits_for_them(error: Exception):
    assert decide(error, 1, RETRY, 0.5).verdict is Verdict.wait_for_owner


def test_a_network_error_is_told_from_an_api_error():
    assert decide(MarketDown("down"), 1, RETRY, 0.5).error_class is ErrorClass.network
    assert decide(ModelDown("slow"), 1, RETRY, 0.5).error_class is ErrorClass.api
