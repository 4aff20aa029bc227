"""/config and /set: where each setting came from; one changed in the chat holds at once, after a restart, and goes back."""

from pathlib import Path

import pytest

from core.config import Config, Settings
from core.config.live import may_be_chosen
from core.store.settings import list_chosen
from tests.counter import OPERATOR, Counter, open_counter


def held(c: Counter) -> int:
    return next(int(row.value) for row in c.engine.settings.list() if row.key == "replies.max_chars")


async def test_a_setting_holds_at_once_is_on_record_and_goes_back(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("设置 replies.max_chars 200")
        assert c.last.card.fields[0].value == "300 → 200"
        assert held(c) == 300, "nothing without the press"
        await c.press("确认修改")
        assert held(c) == 200
        await c.type("配置 replies")
        assert ("max_chars", "200 · 聊天里设的") in [tuple(line) for line in c.last.card.fields]
        await c.type("审计")
        assert "replies.max_chars · 300 → 200" in c.last.card.fields[0].value
        await c.press("改回去")
        await c.press("确认修改")
        assert held(c) == 300


async def test_it_holds_after_a_restart_over_what_file_and_environment_say(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.type("设置 replies.max_chars 200")
        await c.press("确认修改")
        settings = Settings(Config())
        assert settings.config.replies.max_chars == 300, "the control: without the stored choice"
        settings.lay_stored(await list_chosen(c.store.people))
        assert settings.config.replies.max_chars == 200
        assert settings.config.place_of("replies.max_chars") == "chat"


def test_a_choice_that_no_longer_fits_the_file_does_not_keep_the_shop_shut() -> None:
    settings = Settings(Config())
    settings.lay_stored({"approvals.deadline_minutes": "1", "replies.max_chars": "99", "gone.name": "1"})
    assert (settings.config.approvals.deadline_minutes, settings.config.replies.max_chars) == (60, 99)


@pytest.mark.parametrize("words", ["replies.max_chars 5", "replies.max_chars viel", "approvals.deadline_minutes 1"])
async def test_what_is_not_allowed_is_refused_with_what_is(tmp_path: Path, words: str) -> None:
    async with open_counter(tmp_path) as c:
        card = await c.type(f"设置 {words}")
        assert card is not None
        assert "不行" in card.plain()
        assert not card.buttons


@pytest.mark.parametrize("key", ["shop.data_dir", "telegram.token", "ai.base_url", "clock.speed", "wire.http_s"])
async def test_secrets_folders_and_addresses_are_not_set_from_a_chat(tmp_path: Path, key: str) -> None:
    assert not may_be_chosen(key)
    async with open_counter(tmp_path) as c:
        card = await c.type(f"设置 {key} 1")
        assert card is not None
        assert "不能在聊天里改" in card.plain()


async def test_what_is_read_once_says_that_it_needs_a_restart(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        card = await c.type("设置 report.at 20:30")
        assert card is not None
        assert "重启后生效" in card.note


async def test_only_the_owner_looks_and_sets(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        for words in ("配置", "设置 replies.max_chars 200"):
            card = await c.type(words, OPERATOR)
            assert card is not None
            assert card.fields == ()
        assert held(c) == 300
