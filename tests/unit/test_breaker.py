"""A circuit breaker: when it opens, what may ask while it is open, and how it closes."""

import pytest

from core.clock import SeededChance
from core.errors import Busy, LoginExpired, MarketDown, Refused, Resting, Unknown
from core.outside.breaker import Breaker, Limits


class Line:
    """A line to the world, with its clock: what a call finds is put there by the test."""

    def __init__(self, failures: int = 3) -> None:
        self.now_s = 100.0
        self.error: Exception | None = None
        self.asked: list[str] = []
        self.breaker = Breaker(Limits(failures, 30.0, 100.0), SeededChance(1), lambda: self.now_s)

    async def _answer(self, what: str) -> str:
        self.asked.append(what)
        if self.error is not None:
            raise self.error
        return what

    async def call(self, what: str = "write") -> str:
        return await self.breaker.run(lambda: self._answer(what), lambda: self._answer("probe"))

    async def fails(self, times: int, error: Exception | None = None) -> None:
        self.error = error or MarketDown("market_down", reason="HTTP 502")
        for _ in range(times):
            with pytest.raises(type(self.error)):
                await self.call()
        self.error = None


async def test_failures_in_a_row_open_it_and_then_nothing_is_asked():
    line = Line()
    await line.fails(3)
    with pytest.raises(Resting) as error:
        await line.call()
    assert len(line.asked) == 3
    assert error.value.facts["reason"] == "HTTP 502"
    assert 30 <= (error.value.retry_after_s or 0) <= 36


async def test_without_it_every_call_would_be_asked():
    """The control: a breaker that never opens."""
    line = Line(failures=1000)
    await line.fails(30)
    assert len(line.asked) == 30


async def test_an_answer_in_between_begins_the_count_anew():
    line = Line()
    await line.fails(2)
    await line.call()
    await line.fails(2)
    assert line.breaker.rest is None


@pytest.mark.parametrize("error", [Refused("market_refused"), LoginExpired("login_expired")])
async def test_a_refusal_is_an_answer(error: Exception):
    line = Line()
    await line.fails(10, error)
    assert line.breaker.rest is None


async def test_a_write_without_an_answer_counts_and_is_repeated_by_nobody():
    line = Line()
    await line.fails(3, Unknown("market_unknown"))
    line.now_s += 60
    assert line.asked == ["write"] * 3
    assert await line.call("read") == "read"
    assert line.asked == [*["write"] * 3, "probe", "read"]


async def test_being_told_of_too_many_opens_it_at_once_for_as_long_as_was_wished():
    line = Line()
    await line.fails(1, Busy("market_busy", 300.0))
    assert line.breaker.rest is not None
    assert line.breaker.rest.left_s == 300.0


async def test_after_the_rest_a_harmless_question_goes_before_the_call():
    line = Line()
    await line.fails(3)
    line.now_s += 40
    assert await line.call() == "write"
    assert line.asked[3:] == ["probe", "write"]
    assert line.breaker.rest is None


async def test_a_probe_without_an_answer_holds_the_call_back_and_doubles_the_rest_up_to_its_longest():
    line = Line()
    await line.fails(3)
    rests = []
    for _ in range(4):
        line.now_s += 150
        line.error = MarketDown("market_down", reason="HTTP 502")
        with pytest.raises(Resting) as error:
            await line.call()
        rests.append(error.value.retry_after_s or 0)
    assert line.asked[3:] == ["probe"] * 4, "the write itself was never the question"
    assert 60 <= rests[0] <= 72
    assert all(100 <= rest <= 120 for rest in rests[1:])
    assert line.breaker.rest is not None
    assert line.breaker.rest.open_s == 600


async def test_the_owners_word_closes_it():
    line = Line()
    await line.fails(3)
    line.breaker.close()
    assert await line.call() == "write"
    assert line.asked[3:] == ["write"]
