"""The command line: clear errors, exit codes, and a health check that answers at once."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.mortal import mortal

COMMANDS = ["run", "demo", "sandbox", "decode", "verify", "health", "selftest"]
ENV = {**os.environ, "PYTHONIOENCODING": "utf-8"}


def zhanggui(*args: str, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=given,
        capture_output=True,
        text=True,
        env=ENV | {"ZHANGGUI__SHOP__DATA_DIR": str(folder / "data"), "PYTHONPATH": os.getcwd()},
        cwd=folder,
        timeout=60,
        check=False,
    )


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in COMMANDS)


def test_the_bare_word_prints_the_whole_help(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    printed = capsys.readouterr().err
    assert all(command in printed for command in COMMANDS)


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"zhanggui {version('zhanggui')}\n"


@pytest.mark.parametrize("args", [[], ["fly"], ["decode"], ["decode", "taobao"], ["run", "--port", "x"]])
def test_a_wrong_line_is_told_how_and_exits_with_two(args: list[str]):
    with pytest.raises(SystemExit) as left:
        main(args)
    assert left.value.code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["verify"], "no shop"),
        (["health"], "no sign of life"),
        (["run", "--config", "nowhere.toml"], "nowhere.toml"),
        (["decode", "xianyu", "nowhere.json"], "nowhere.json"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_no_traceback(tmp_path: Path, args: list[str], said: str):
    done = zhanggui(*args, folder=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_an_unknown_setting_is_named(tmp_path: Path):
    (tmp_path / "config.toml").write_text("[shop]\ncolour = 1\n", encoding="utf-8")
    done = zhanggui("run", folder=tmp_path)
    assert done.returncode == 1
    assert "colour" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [["--me", "1", "a.txt"], ["a.txt", "--me", "1"], ["a.txt"], ["--me", "1", "-"]])
def test_decode_takes_its_file_before_or_after_whose_it_is(tmp_path: Path, args: list[str]):
    (tmp_path / "a.txt").write_text("garbage that is no record\n", encoding="utf-8")
    done = zhanggui("decode", "xianyu", *args, folder=tmp_path, given="garbage that is no record\n")
    assert (done.returncode, json.loads(done.stdout)["event"]) == (0, "unknown")


def test_decode_reads_standard_input(tmp_path: Path):
    done = zhanggui("decode", "xianyu", folder=tmp_path, given="garbage that is no record\n")
    assert done.returncode == 0
    assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == ["unknown"]


def test_the_shop_runs_headless_until_it_is_told_to_stop(tmp_path: Path):
    shop = subprocess.Popen(
        mortal("bot", "run", "--headless"),
        env=ENV | {"ZHANGGUI__SHOP__DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": os.getcwd()},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _alive(tmp_path), "a sign of life"
        began = time.monotonic()
        health = zhanggui("health", folder=tmp_path)
        assert health.returncode == 0
        assert time.monotonic() - began < 8, "the machine is shared; the bench measures the 0.3 s"
        shop.send_signal(signal.SIGTERM)
        assert shop.wait(10) == 0
        assert zhanggui("verify", folder=tmp_path).returncode == 0
    finally:
        shop.kill()
        shop.communicate()


def _alive(folder: Path) -> bool:
    for _ in range(60):
        if zhanggui("health", folder=folder).returncode == 0:
            return True
        time.sleep(0.1)
    return False


def test_the_shop_with_a_pipe_answers_and_outlives_the_pipes_end(tmp_path: Path):
    shop = subprocess.Popen(
        mortal("bot", "run"),
        env=ENV | {"ZHANGGUI__SHOP__DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": os.getcwd()},
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        assert shop.stdin is not None
        assert shop.stdout is not None
        shop.stdin.write("待办\n")
        shop.stdin.close()
        seen = [shop.stdout.readline() for _ in range(2)]
        while not any("没有待办" in line for line in seen):
            seen.append(shop.stdout.readline())
        assert shop.poll() is None
        shop.send_signal(signal.SIGTERM)
        assert shop.wait(10) == 0
    finally:
        shop.kill()
        shop.stdout.close() if shop.stdout else None
        shop.wait()


def test_the_health_check_loads_nothing_heavy():
    code = "import sys; from bot.__main__ import main; main(['health']); print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENV, cwd=os.getcwd(), timeout=60, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {
        "rich",
        "prompt_toolkit",
        "openai",
        "websockets",
        "aiosqlite",
        "cryptography",
        "bot.desk",
        "core.run",
    }


def test_backup_restore_and_key_on_the_command_line(tmp_path: Path):
    assert "no shop here" in zhanggui("backup", "one.zip", folder=tmp_path).stderr
    code = "from pathlib import Path; from core.store.db import prepare; prepare(Path('data'))"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=ENV | {"PYTHONPATH": os.getcwd()}, check=True)
    made = zhanggui("backup", "one.zip", folder=tmp_path)
    assert made.returncode == 0
    assert "key export" in made.stderr
    back = zhanggui("restore", "one.zip", folder=tmp_path)
    assert back.returncode == 0, back.stderr
    assert "every law holds" in back.stdout
    assert zhanggui("key", "export", folder=tmp_path).stdout == (tmp_path / "data" / "key").read_text()
