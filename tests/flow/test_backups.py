"""Copies of the shop: each night's beside it, the oldest go; and one for the owner, in private, on record, without the key."""

import io
import stat
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.backups import backup_card
from bot.cards.pen import Pen
from bot.texts import load
from core.clock import ManualClock
from core.config import Settings
from core.errors import BadConfig
from core.flows.backup import FOLDER, Backup
from core.store import packing
from core.store.vault import KEY_FILE
from core.tools.backup import read_manifest
from core.values.backups import Copy
from core.values.people import ChatKind
from tests import stockroom
from tests.counter import OPERATOR, OWNER, Counter, open_counter
from tests.flow.shop import Day


def nightly(day: Day, keep: int, clock: ManualClock | None = None) -> Backup:
    """The flow by itself: the day's own is off."""
    watch = day.shop.work.config.watch.model_copy(update={"backups": keep})
    config = day.shop.work.config.model_copy(update={"watch": watch})
    return Backup(replace(day.shop.work, settings=Settings(config), clock=clock or day.shop.work.clock))


def names(day: Day) -> list[str]:
    return sorted(path.name for path in (day.shop.work.store.path.parent / FOLDER).iterdir())


async def test_each_night_has_its_copy_and_the_oldest_go(day: Day) -> None:
    clock = ManualClock(stockroom.NOW)
    flow = nightly(day, 3, clock)
    for _ in range(5):
        assert await flow.step()
        assert not await flow.step(), "one a night"
        clock.advance(timedelta(days=1).total_seconds())
    assert len(names(day)) == 3
    kept = [read_manifest(day.shop.work.store.path.parent / FOLDER / name) for name in names(day)]
    assert all(manifest.size for manifest in kept)


async def test_a_restart_makes_no_night_twice_and_leftovers_of_a_crash_go(day: Day) -> None:
    folder = day.shop.work.store.path.parent / FOLDER
    assert await nightly(day, 2).step()
    (folder / ".packing-half").write_bytes(b"half a copy")
    assert not await nightly(day, 2).step()
    assert len(names(day)) == 1
    assert not names(day)[0].startswith(".")


async def test_a_folder_nobody_could_enter_is_opened_to_its_owner(day: Day) -> None:
    """A former version made it without the right to enter; root does not notice."""
    folder = day.shop.work.store.path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    folder.chmod(0o600)
    assert await nightly(day, 2).step()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_copy_that_stands_is_never_written_over(tmp_path: Path) -> None:
    """The negative control of looking first: without it the night's copy is refused, not replaced."""
    async with open_counter(tmp_path) as c:
        packing.pack(c.store.path.parent, tmp_path / "one.zip")
        with pytest.raises(BadConfig):
            packing.pack(c.store.path.parent, tmp_path / "one.zip")


async def test_a_copy_that_cannot_be_made_is_told_once_a_night_and_made_when_there_is_room(day: Day) -> None:
    clock = ManualClock(stockroom.NOW)
    flow, folder = nightly(day, 3, clock), day.shop.work.store.path.parent / FOLDER
    folder.write_text("not a folder")
    for _ in range(3):
        with pytest.raises(OSError):
            await flow.step()
        assert not await flow.step(), "not tried again at once"
        clock.advance(timedelta(minutes=31).total_seconds())
    await day.quiet()
    assert [notice.detail for notice in day.owner.told("backup_failed")] == ["File exists"]
    folder.unlink()
    assert await flow.step()
    assert len(names(day)) == 1


async def test_none_are_made_when_the_owner_wants_none(day: Day) -> None:
    assert not await nightly(day, 0).step()
    assert not (day.shop.work.store.path.parent / FOLDER).exists()


async def in_private(c: Counter, words: str, who: str = OWNER) -> None:
    await c.engine.rooms.bind(who, ChatKind.private)
    await c.type(words, who, chat=who, chat_kind=ChatKind.private)


async def test_the_owner_gets_the_shop_as_a_file_without_its_key_and_that_is_on_record(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await in_private(c, "备份")
        file = c.last.card.file
        assert file is not None
        key = (c.store.path.parent / KEY_FILE).read_bytes().strip()
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            assert KEY_FILE not in packed.namelist()
            assert all(key not in packed.read(name) for name in packed.namelist())
        assert "密钥不在里面" in c.last.card.note
        await c.type("审计")
        assert "备份" in c.last.card.fields[0].value
        assert not list(c.store.path.parent.glob(".backup-*"))


async def test_a_group_and_people_who_are_no_owner_get_none(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("备份")
        assert c.last.card.file is None
        await in_private(c, "备份", OPERATOR)
        assert c.last.card.file is None


async def test_one_that_is_too_large_for_the_chat_says_how_the_host_makes_it(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        made = await c.engine.backups.make(c.actor(), 100)
        assert made.content is None
        assert (await c.engine.backups.make(c.actor(), 50_000_000)).content is not None, "the limit decides"
        draft = backup_card(made, Pen(load("zh"), stockroom.ZONE, c.clock.now()))
        assert draft.file is None
        assert "zhanggui backup" in draft.note
        assert isinstance(made, Copy)
