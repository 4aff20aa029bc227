"""Bar codes are read off photos by a process of its own; hostile pictures cost a moment and no memory of ours."""

import asyncio
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.scans.scanning import Scanner, is_picture
from tests.labels import empty, label

SF, ROUTE = "SF1234567890123", "755WF-010"
SLOW = "import sys, time, os; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); sys.stdin.read(); time.sleep(30)"
UNGUARDED = "import sys, bot.scans.__main__ as w; w.MOST_PIXELS = 10**18; sys.exit(w.main())"


def worker(code: str, *more: str) -> Sequence[str]:
    return (sys.executable, "-c", code, *more)


@pytest.mark.parametrize(
    ("turned", "blur", "form"), [(0, 0, "PNG"), (90, 0, "JPEG"), (180, 0, "WEBP"), (4, 1.0, "JPEG"), (270, 0.5, "JPEG")]
)
async def test_every_code_of_a_label_is_read_however_the_phone_was_held(turned: float, blur: float, form: str):
    found = await Scanner().scan(label([SF, ROUTE], qr=["https://example.com/a"], turned=turned, blur=blur, form=form))
    assert set(found) == {SF, ROUTE, "https://example.com/a"}


async def test_our_own_process_never_holds_the_decoder():
    await Scanner().scan(label([SF]))
    script = "import sys, bot.desk, bot.commands.table, bot.scans.scanning; sys.exit('zxingcpp' in sys.modules or 'PIL' in sys.modules)"
    assert subprocess.run(worker(script), check=False).returncode == 0


@pytest.mark.parametrize(
    "content", [empty(), b"", b"\x89PNG\r\n\x1a\n", label([SF])[:2000], b"GIF89a" + bytes(100), os.urandom(5000)]
)
async def test_what_holds_no_code_or_is_no_picture_gives_none(content: bytes):
    assert await Scanner().scan(content) == ()


def run(code: Sequence[str], content: bytes) -> int:
    return subprocess.run(code, input=content, check=False, capture_output=True).returncode


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked():
    """A few kilobytes of nothing, sixty thousand pixels square; the control unpacks it and dies of its memory limit."""
    bomb = empty(60_000, 60_000)
    assert len(bomb) < 600_000
    began = time.monotonic()
    assert run((sys.executable, "-m", "bot.scans"), bomb) == 3
    assert time.monotonic() - began < 5
    assert run(worker(UNGUARDED), bomb) not in (0, 3)


async def test_a_worker_that_takes_too_long_is_killed(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    pids = tmp_path / "pids"
    assert await Scanner(deadline_s=0.6, worker=worker(SLOW, str(pids))).scan(b"x") == ()
    assert "longer than 0.6 s" in caplog.text
    with pytest.raises(ProcessLookupError):
        os.kill(int(pids.read_text()), 0)


async def test_too_many_pictures_at_once_are_not_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING)
    scanner = Scanner(deadline_s=0.5, worker=worker(SLOW, str(tmp_path / "pids")), waiting=2)
    assert await asyncio.gather(*(scanner.scan(b"x") for _ in range(4))) == [()] * 4
    assert caplog.text.count("2 are waited for") == 2


async def test_a_worker_that_cannot_start_or_falls_gives_none():
    assert await Scanner(worker=("/nonexistent/python",)).scan(b"x") == ()
    assert await Scanner(worker=worker("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")).scan(b"x") == ()


def test_a_picture_is_known_by_its_first_bytes():
    assert all(is_picture(label([SF], form=form)) for form in ("JPEG", "PNG", "WEBP"))
    assert not any(map(is_picture, (b"", b"RIFFxxxxWAVE", "顺丰".encode(), b"%PDF-1.7")))
