"""What is wrong with a setting is said in the owner's language: which, what it is, what is allowed; in chat and at start."""

import io
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cards.wrong import say_wrong
from bot.texts import LOCALES, load
from core.config import load as read
from core.config.wrong import CHECKS
from core.errors import BadConfig
from tests.counter import open_counter

WRONG = {
    "[replies]\nmax_chars = 5\n": ("replies.max_chars", "5", "20"),
    '[shop]\nlocale = "fr"\n': ("shop.locale", "'fr'", "zh en"),
    '[shop]\ntimezone = "Mars/Base"\n': ("shop.timezone", "Mars/Base"),
    "[replies]\nmax_char = 5\n": ("max_char", "max_chars"),
    "[reply]\n": ("reply", "replies"),
    '[[accounts]]\nplatform = "xianyu"\n': ("accounts.0.name",),
    "[approvals]\nreminder_minutes = 50\n": ("reminder_minutes", "escalation_minutes"),
    '[report]\nat = "25:00"\n': ("report.at", "25:00", "21:00"),
    '[[accounts]]\nname = "a"\nproxy = "geheim"\n': ("accounts.0.proxy", "****", "socks5h"),
    "accounts = 3\n": ("accounts",),
    "x = [\n": ("config.toml",),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_names_the_setting_its_value_and_what_is_allowed(tmp_path: Path, text: str, locale: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadConfig) as caught:
        read(path, {})
    assert caught.value.problem is not None
    said = say_wrong(caught.value, load(locale))
    assert all(part in said for part in WRONG[text]), said
    assert "{" not in said and "geheim" not in said and "\n" not in said
    assert locale == "en" or any("\u4e00" <= char <= "\u9fff" for char in said)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_check_has_its_words(locale: str) -> None:
    assert {code for code in CHECKS if not load(locale).has(f"wrong_check.{code}")} == set()


def test_no_check_of_a_setting_is_a_sentence_nobody_translates() -> None:
    found = [
        file.name
        for file in (Path(__file__).parents[2] / "core/config").glob("*.py")
        if "ValueError(" in file.read_text("utf-8")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("locale", "words"), [("zh", "不行；可以写：整数"), ("en", "will not do; allowed: a whole number")]
)
def test_a_start_says_it_in_the_owners_language(tmp_path: Path, locale: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[shop]\nlocale = "{locale}"\n[replies]\nmax_chars = 5\n')
    out = io.StringIO()
    with redirect_stderr(out):
        assert main(["run", "--config", str(path)]) == 1
    assert words in out.getvalue() and "replies.max_chars = 5" in out.getvalue()
    assert len(out.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", "replies.max_chars = '5' 不行；可以写：整数 不小于 20"),
        ("en", "replies.max_chars = '5' will not do; allowed: a whole number from 20"),
    ],
)
async def test_a_setting_refused_in_the_chat_says_it_too(tmp_path: Path, locale: str, words: str) -> None:
    async with open_counter(tmp_path, locale=locale) as c:
        card = await c.type("set replies.max_chars 5")
        assert card is not None and words in card.plain(), card
        card = await c.type("set approvals.reminder_minutes 50")
        assert card is not None and "escalation_minutes" in card.plain()
        assert ("依次变大" in card.plain()) == (locale == "zh")
