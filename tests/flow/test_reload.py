"""The configuration file: read again by hand or by itself; what holds at once, what waits, what the chat overrules."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.config import Config, Origin, Settings
from core.errors import BadConfig
from core.flows.reload import LOOK_S, Reload
from core.flows.work import Work
from core.values.notices import NoticeKind
from tests import stockroom
from tests.counter import OPERATOR, Counter, open_counter

K = NoticeKind
OLD = "[replies]\nmax_chars = 300\n"
NEW = "[replies]\nmax_chars = 200\n"


@asynccontextmanager
async def shop(folder: Path, text: str = OLD) -> AsyncIterator[tuple[Counter, Reload]]:
    """A counter whose shop was started with a file, and the flow that watches it."""
    (folder / "config.toml").write_text(text)
    async with open_counter(folder) as c:
        inner = c.engine._shop
        work = Work(
            store=c.store, settings=inner.settings, clock=c.clock, chance=inner.chance, zone=stockroom.ZONE,
            steps=inner.steps, run="r", markets={}, accounts={}, prompts={},
        )  # fmt: skip
        flow = Reload(work)
        await look(flow, 3)
        yield c, flow


async def look(flow: Reload, times: int = 2) -> None:
    for _ in range(times):
        await flow.step()


def file_of(c: Counter) -> Path:
    return c.store.path.parent / "config.toml"


def settings_of(c: Counter) -> Settings:
    return c.engine._shop.settings


def held(c: Counter) -> int:
    return settings_of(c).config.replies.max_chars


async def test_by_hand_the_difference_is_shown_first_and_holds_after_the_press(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, _):
        file_of(c).write_text(NEW)
        card = await c.type("重载")
        assert card is not None and card.fields[0].value.startswith("300 → 200")
        assert held(c) == 300, "nothing without the press"
        await c.press("让它生效")
        assert held(c) == 200
        assert "配置 v1" in c.last.card.title
        await c.type("审计")
        assert "重载 · replies.max_chars · 300 → 200" in c.last.card.fields[0].value
        card = await c.type("/reload")
        assert card is not None and "没有变化" in card.title


async def test_it_goes_back_with_one_button(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, _):
        file_of(c).write_text(NEW)
        await c.type("重载")
        await c.press("让它生效")
        await c.press("↩ max_chars")
        await c.press("确认修改")
        assert held(c) == 300


def _replace(path: Path) -> None:
    path.with_suffix(".swp").write_text(NEW)
    path.with_suffix(".swp").replace(path)


def _turn(path: Path) -> None:
    path.with_name("next.toml").write_text(NEW)
    path.unlink()
    path.symlink_to(path.with_name("next.toml"))


WAYS: dict[str, Callable[[Path], object]] = {
    "written over": lambda path: path.write_text(NEW),
    "replaced, as editors and sed -i do": _replace,
    "a symlink turned, as mounted secrets do": _turn,
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_change_of_the_file_holds_by_itself_and_is_told_and_on_record(tmp_path: Path, way: str) -> None:
    async with shop(tmp_path) as (c, flow):
        assert await c.tell() == [], "the control: nobody touched it"
        WAYS[way](file_of(c))
        await look(flow)
        assert held(c) == 200
        (card,) = await c.tell()
        assert "配置 v1 已生效" in card.title
        assert card.fields[0].value.startswith("300 → 200")
        await c.type("审计")
        assert c.last.card.fields[0].value.startswith("主机 · 重载")


async def test_a_mere_touch_says_nothing(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        os.utime(file_of(c))
        file_of(c).write_text(f"# a comment\n{OLD}")
        await look(flow, 3)
        assert await c.tell() == []


async def test_the_same_size_and_time_on_a_mounted_folder_is_seen_by_what_else_changes(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        was = file_of(c).stat()
        file_of(c).write_text(NEW)
        os.utime(file_of(c), ns=(was.st_atime_ns, was.st_mtime_ns))
        await look(flow)
        assert held(c) == 200


async def test_a_file_that_is_still_being_written_is_not_read(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        for part in ("[repl", "[replies]\nmax_ch", NEW):
            file_of(c).write_text(part)
            await flow.step()
            assert held(c) == 300
        assert await c.tell() == []
        await flow.step()
        assert held(c) == 200
        assert len(await c.tell()) == 1


async def test_a_file_that_stays_wrong_is_told_in_the_owners_language_and_changes_nothing(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        file_of(c).write_text("[replies]\nmax_chars = 5\n")
        await look(flow, 4)
        assert held(c) == 300
        (card,) = await c.tell()
        assert "配置文件有错" in card.title
        assert "replies.max_chars = 5 不行；可以写：整数 不小于 20" in card.note
        file_of(c).write_text(NEW)
        await look(flow)
        assert held(c) == 200
        assert "配置 v1" in (await c.tell())[0].title


async def test_a_card_told_late_says_what_is_wrong_now(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        file_of(c).write_text("rubbish")
        await look(flow)
        file_of(c).write_text(OLD)
        assert "现在没有错" in (await c.tell())[0].title


async def test_a_file_that_is_gone_is_told_and_the_settings_stay(tmp_path: Path) -> None:
    async with shop(tmp_path, NEW) as (c, flow):
        file_of(c).unlink()
        await look(flow, 3)
        assert held(c) == 200
        assert "没有" in (await c.tell())[0].note


async def test_what_needs_a_restart_says_so_and_waits(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        file_of(c).write_text(f'[shop]\nlocale = "en"\n[report]\nat = "20:00"\n{NEW}')
        await look(flow)
        (card,) = await c.tell()
        lines = {line.label: line.value for line in card.fields}
        assert "⏳" in lines["shop.locale"] and "⏳" in lines["report.at"] and "⏳" not in str(lines.get("max_chars"))
        assert settings_of(c).config.shop.locale == "zh"
        card = await c.type("重载")
        assert card is not None and "shop.locale" in card.note and "重启后生效" in card.note


async def test_what_was_chosen_in_the_chat_wins_and_the_card_says_so(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        await c.type("设置 replies.max_chars 150")
        await c.press("确认修改")
        file_of(c).write_text(NEW)
        await look(flow)
        assert held(c) == 150
        card = (await c.tell())[-1]
        assert "💬 150" in card.fields[0].value and "设置 replies.max_chars 默认" in card.note
        assert not card.buttons
        await c.type("设置 replies.max_chars 默认")
        await c.press("确认修改")
        assert held(c) == 200, "the file's newer value, not the one of the start"


async def test_a_file_that_does_not_go_together_with_a_choice_is_refused(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        await c.type("设置 approvals.reminder_minutes 35")
        await c.press("确认修改")
        file_of(c).write_text("[approvals]\nescalation_minutes = 30\n")
        card = await c.type("重载")
        assert card is not None and "依次变大" in card.plain()
        await look(flow)
        assert settings_of(c).config.approvals.escalation_minutes == 40


async def test_secrets_are_shown_by_their_last_four_alone(tmp_path: Path) -> None:
    key = "sk-SECRETSECRETSECRET-1234"
    async with shop(tmp_path) as (c, flow):
        file_of(c).write_text(f'[ai]\nbase_url = "http://127.0.0.1:9"\nmodel = "m"\napi_key = "{key}"\n')
        await look(flow)
        (card,) = await c.tell()
        assert "****1234" in card.plain() and "SECRET" not in card.plain()
        await c.type("审计")
        assert "SECRET" not in c.last.card.plain()


async def test_only_the_owner_reloads(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, _):
        file_of(c).write_text(NEW)
        await c.type("重载", OPERATOR)
        assert c.last.card.ref == "refused:0"
        assert held(c) == 300


async def test_by_hand_and_by_itself_in_one_instant_is_one_change(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        file_of(c).write_text(NEW)
        await flow.step()
        await asyncio.gather(flow.step(), c.engine.settings.reload(c.actor()))
        rows = await c.store.people.all("settings.changes", number=1)
        assert (held(c), len(rows)) == (200, 1)
        assert await c.store.people.all("settings.changes", number=2) == []


async def test_it_looks_every_two_seconds_of_real_time(tmp_path: Path) -> None:
    async with shop(tmp_path) as (c, flow):
        at = await flow.next_at()
        assert at is not None
        assert (at - c.clock.now()).total_seconds() == LOOK_S


async def test_many_choices_in_one_instant_leave_the_newest_in_memory(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        chosen = [c.engine.settings.choose(c.actor(), "replies.max_chars", str(100 + n)) for n in range(30)]
        await asyncio.gather(*chosen)
        rows = await c.store.people.all("settings.list")
        assert held(c) == int(rows[0]["value"])


def test_an_older_choice_that_comes_late_is_nothing() -> None:
    settings = Settings(Config())
    settings.lay({"replies.max_chars": "99"}, 2)
    settings.lay({"replies.max_chars": "88"}, 1)
    assert settings.config.replies.max_chars == 99


def test_without_its_number_the_older_choice_would_stay() -> None:
    """The control."""
    settings = Settings(Config())
    settings.lay({"replies.max_chars": "99"})
    settings.lay({"replies.max_chars": "88"})
    assert settings.config.replies.max_chars == 88


def test_a_reading_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(OLD)
    settings = Settings(Origin(path, {}).read(), Origin(path, {}))
    settings.lay({"approvals.reminder_minutes": "35"}, 1)
    path.write_text("[approvals]\nescalation_minutes = 30\n")
    before = settings.config, settings.given, settings.read
    with pytest.raises(BadConfig):
        settings.take(settings.look())
    assert (settings.config, settings.given, settings.read) == before
