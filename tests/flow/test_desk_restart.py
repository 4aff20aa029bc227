"""After a crash: what was stored is done once, what was done is shown, nobody is held up."""

import sqlite3
from contextlib import closing
from pathlib import Path

from core.values.fulfilment import FulfilmentState
from tests.counter import OPERATOR, OWNER, Counter, open_counter, order, risky_order, state

S = FulfilmentState


async def _unfinish(c: Counter, key: str) -> None:
    """The state a kill leaves: acted, and not marked done."""
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        file.execute("UPDATE inbox SET state = 'waiting', done_at = NULL WHERE key = ?", (key,))


async def test_what_a_crash_left_unfinished_is_done_once_after_the_restart(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert await state(c, number) is S.held
        assert len(c.front.shown) == 1
        await c.desk.resume()
        assert len(c.front.shown) == 1


async def test_what_was_done_before_the_crash_is_shown_and_not_done_again(tmp_path: Path):
    """Killed between the act and its answer: the act's own record says that it was done."""
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.take(request)
        await _unfinish(c, request.update_id)
        await c.type(f"放行 {number}")
    async with open_counter(tmp_path) as c:
        c.asked = 10
        await c.desk.resume()
        assert await state(c, number) is S.scheduled, "the hold is not repeated"
        assert c.last.card.ref == f"order:{number}"


async def test_a_press_used_up_before_the_crash_is_finished_after_it(tmp_path: Path):
    """Killed between using the button up and the act."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        button = c.last.card.buttons[0]
        request = c.request(None, button=button.action, reply_to=c.last.message)
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.engine.actions.use(button.action, OWNER)
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert await state(c, number) is S.scheduled


async def test_an_unreadable_stored_request_holds_up_nobody(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.requests.keep("dummy:x", b"{garbage")
        request = c.request("待办")
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.desk.resume()
        assert len(c.front.shown) == 1
        assert await c.engine.requests.list_waiting() == ()


async def test_a_command_that_waited_through_a_long_power_cut_asks_again(tmp_path: Path):
    """Stored, not acted on, and the power came back five hours later: what was wanted then may be wrong now (rule 10)."""
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
    async with open_counter(tmp_path) as c:
        c.asked = 10
        c.later(hours=5)
        await c.desk.resume()
        assert await state(c, number) is S.scheduled, "nothing is done without a question"
        await c.press("执行")
        assert await state(c, number) is S.held


async def test_what_was_done_before_a_long_power_cut_is_shown_not_asked(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.take(request)
        await _unfinish(c, request.update_id)
    async with open_counter(tmp_path) as c:
        c.later(hours=5)
        await c.desk.resume()
        assert c.last.card.ref == f"order:{number}"


async def test_an_answer_that_waited_draws_no_old_state_over_a_newer_one(tmp_path: Path):
    """A platform is away: the press's answer waits, meanwhile the card was redrawn."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.type(f"查单 {number}")
        card = c.last
        c.front.busy = 3
        await c.press("批准", OPERATOR, card)
        await c.type(f"拦截 {number}")
        await c.tell()
        await c.desk.answer_late("dummy")
        shown = [one for one in c.front.shown if one.message == card.message][-1]
        assert "已拦截" in shown.card.title, "the card would stay at a state that is over"
