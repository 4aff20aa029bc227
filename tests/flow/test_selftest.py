"""The self test: a fake order in another process, one at a time, which leaves the real shop as it is."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.goods import CARD
from bot.demo.selftest import play
from core.engine.selftest import SelfTests
from core.errors import Refused
from core.values.selftest import Checked, SelfTest
from tests.counter import OPERATOR, open_counter, order

C = Checked
SLOW = (sys.executable, "-c", 'import time; time.sleep(0.4); print(\'{"checks": [], "took_s": 0.4}\')')


def print_of(folder: Path) -> dict[str, str]:
    """Every file of a folder by its content; the shared memory of an open file changes with every reader."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith("-shm"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def test_the_owner_has_the_whole_way_tried_and_the_real_shop_stays_as_it_is(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await order(c)
        before, numbers = await c.engine.orders.list(), await c.engine.stats.numbers(30)
        card = await c.type("自检")
        assert card is not None
        assert "自检通过" in card.title
        assert len(card.fields) == len(Checked)
        assert all("✅" in field.value for field in card.fields)
        assert await c.engine.orders.list() == before
        assert await c.engine.stats.numbers(30) == numbers
        with_act = await c.store.people.all("exports.newest")
        assert with_act[0]["id"] == 1


async def test_a_file_of_a_shop_is_not_even_opened(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await order(c)
    before = print_of(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "selftest", "--json"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "ZHANGGUI__SHOP__DATA_DIR": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(check["held"] for check in json.loads(done.stdout)["checks"])
    assert print_of(tmp_path) == before


@pytest.mark.parametrize(("locale", "passed"), [("zh", "自检通过"), ("en", "passed")])
def test_the_host_reads_it_in_the_shops_language(tmp_path: Path, locale: str, passed: str):
    (tmp_path / "config.toml").write_text(f'[shop]\nlocale = "{locale}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "bot", "selftest", "--config", str(tmp_path / "config.toml")],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )
    assert passed in done.stdout.decode("utf-8").splitlines()[0]


async def test_what_does_not_hold_is_named():
    """The negative control: goods that wait for a person are not shipped, and the test says so."""
    by_hand = CARD.model_copy(update={"fields": tuple(f for f in CARD.fields if f[0] != "auto_ship")})
    found = await play(by_hand, wait_s=0.8)
    broken = {check.name for check in found.checks if not check.held}
    assert not found.passed
    assert {C.decided, C.text_once, C.shipped_once, C.books} <= broken
    assert not {C.connected, C.arrived, C.answered, C.verified} & broken


async def test_only_one_runs_at_a_time():
    tests = SelfTests(SLOW)
    outcomes = await asyncio.gather(*(tests.run() for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(outcome, SelfTest) for outcome in outcomes) == 1
    assert sorted(error.key for error in outcomes if isinstance(error, Refused)) == ["selftest_running"] * 2
    assert isinstance(await tests.run(), SelfTest), "and afterwards the next one may"


@pytest.mark.parametrize("words", ["print('no json')", "raise SystemExit(3)", "print('{\"checks\": 1}')"])
async def test_a_test_that_breaks_is_a_refusal(words: str):
    with pytest.raises(Refused) as caught:
        await SelfTests((sys.executable, "-c", words)).run()
    assert caught.value.key == "selftest_failed"


async def test_only_the_owner_has_it_tried(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("自检", OPERATOR)
        assert card is not None
        assert "身份" in card.title
