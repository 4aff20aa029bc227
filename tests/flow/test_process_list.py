"""Law 11: whoever lists the machine's processes reads no secret of the shop."""

import signal
import subprocess
import sys
import time
from pathlib import Path

API_KEY = "sk-banana-0123456789"


def test_no_secret_stands_in_the_process_list(tmp_path: Path) -> None:
    """Neither of the shop, nor of a command from the shell, nor of the process that draws a picture."""
    cookie = tmp_path / "cookie.txt"
    cookie.write_text(f"unb=2200000000001; cookie2={API_KEY}")
    (tmp_path / "config.toml").write_text(
        f'[shop]\ndata_dir = "{tmp_path / "data"}"\n[ai]\nbase_url = "http://127.0.0.1:9"\nmodel = "m"\n'
        f'api_key = "{API_KEY}"\n[telegram]\ntoken = "7012345678:{API_KEY * 2}"\napi_url = "http://127.0.0.1:9"\n'
    )
    command = [sys.executable, "-m", "bot"]
    config = ["--config", str(tmp_path / "config.toml")]
    seen: dict[str, str] = {}
    with subprocess.Popen([*command, "run", "--headless", *config], stderr=subprocess.DEVNULL) as shop:
        ends_s = time.monotonic() + 30
        while not (tmp_path / "data" / "control.sock").exists():
            assert time.monotonic() < ends_s, "the shop did not start"
            time.sleep(0.05)
        for verb in (["do", "统计"], ["chart", "sales", "--out", str(tmp_path / "sales.png")]):
            with subprocess.Popen([*command, *verb, *config], stdout=subprocess.DEVNULL) as asked:
                while asked.poll() is None:
                    lines = {f"{file}": _words_of(file) for file in Path("/proc").glob("[0-9]*/cmdline")}
                    seen |= {file: words for file, words in lines.items() if words}
            assert asked.returncode == 0
        shop.send_signal(signal.SIGTERM)
        assert shop.wait(30) == 0
    mine = [text for text in seen.values() if "bot" in text]
    assert all(any(word in text for text in mine) for word in (" do ", " chart ", "bot.charts")), "all were seen"
    assert [text for text in seen.values() if API_KEY in text] == []


def _words_of(file: Path) -> str:
    """A process's command line; nothing when it has ended."""
    try:
        return file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
