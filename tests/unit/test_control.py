"""The control socket: only the host reaches it, whatever is sent to it is answered, and nobody there is said so."""

import asyncio
import json
import os
import socket
import stat
from pathlib import Path

import pytest

from core.tools.control import FILE, Line, NobodyThere, ask, serve


async def echo(line: Line) -> Line:
    return {"heard": line["words"]}


async def broken(line: Line) -> Line:
    raise RuntimeError("no")


async def test_a_line_is_answered_and_only_its_user_may_write(tmp_path: Path):
    async with serve(tmp_path, {"do": echo}):
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": "发货 #1"}) == {"heard": "发货 #1"}
    assert not (tmp_path / FILE).exists()


async def test_a_folder_with_a_long_name_has_a_socket_too(tmp_path: Path):
    folder = tmp_path / ("x" * 150)
    folder.mkdir()
    async with serve(folder, {"do": echo}):
        assert await asyncio.to_thread(ask, folder, {"verb": "do", "words": "1"}) == {"heard": "1"}


async def test_a_large_line_arrives_whole(tmp_path: Path):
    words = "键" * 1_000_000
    async with serve(tmp_path, {"do": echo}):
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": words}) == {"heard": words}


async def test_what_a_killed_shop_left_is_nobody_and_is_taken_over(tmp_path: Path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / FILE))
    left.close()
    with pytest.raises(NobodyThere):
        ask(tmp_path, {"verb": "do"})
    async with serve(tmp_path, {"do": echo}):
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": "1"}) == {"heard": "1"}


def test_without_a_shop_nobody_is_there(tmp_path: Path):
    with pytest.raises(NobodyThere):
        ask(tmp_path, {"verb": "do"})


@pytest.mark.parametrize(
    "raw", [b"nonsense\n", b"[1]\n", b"{}\n", b'{"verb": "fly"}\n', b'{"verb": ["do"]}\n', b"\xff\xfe\n"]
)
async def test_whatever_is_sent_is_answered_with_an_error(tmp_path: Path, raw: bytes):
    async with serve(tmp_path, {"do": echo}):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / FILE))
        writer.write(raw)
        assert "error" in json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": "1"}) == {"heard": "1"}


async def test_a_verb_with_a_bug_says_so_and_the_socket_lives(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    async with serve(tmp_path, {"do": echo, "bug": broken}):
        assert "RuntimeError" in str((await asyncio.to_thread(ask, tmp_path, {"verb": "bug"}))["error"])
        assert "a verb of the host failed" in caplog.text
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": "1"}) == {"heard": "1"}


async def test_a_caller_that_hangs_up_harms_nobody(tmp_path: Path):
    async with serve(tmp_path, {"do": echo}):
        for raw in (b"", b'{"verb": "do"'):
            _, writer = await asyncio.open_unix_connection(str(tmp_path / FILE))
            writer.write(raw)
            writer.close()
            await writer.wait_closed()
        assert await asyncio.to_thread(ask, tmp_path, {"verb": "do", "words": "1"}) == {"heard": "1"}


def test_the_mask_of_the_process_is_its_own_all_the_while(tmp_path: Path):
    """Whoever makes a folder in another thread meanwhile, as the night's backup does, makes it as it says."""
    seen: list[int] = []

    class Looking(asyncio.SelectorEventLoop):
        async def create_unix_server(self, *args, **options):
            seen.append(mask())
            return await super().create_unix_server(*args, **options)

    async def run() -> None:
        async with serve(tmp_path, {}):
            seen.append(mask())

    before = mask()
    with asyncio.Runner(loop_factory=Looking) as runner:
        runner.run(run())
    assert seen == [before, before]
    assert mask() == before


def mask() -> int:
    former = os.umask(0o022)
    os.umask(former)
    return former
