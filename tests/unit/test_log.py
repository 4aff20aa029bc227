"""What the log never holds."""

import io
import logging

import pytest

from core.log import Discreet


def written(message: str, *args: object, error: Exception | None = None) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("%(message)s"))
    info = (type(error), error, None) if error is not None else None
    handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, message, args, info))
    return out.getvalue()


TOKEN = f"7012345678:{'AbC-_' * 7}"


@pytest.mark.parametrize("around", ["{}", "https://api.telegram.org/bot{}/sendMessage", "bot{}", "'{}'"])
def test_a_bots_token_is_written_nowhere(around: str) -> None:
    for line in (written(around.format(TOKEN)), written("%s", around.format(TOKEN.replace(":", "%3A")))):
        assert "AbC" not in line
        assert "7012345678:***" in line


def test_a_token_in_an_error_is_hidden_too() -> None:
    assert "AbC" not in written("failed", error=OSError(f"no route to bot{TOKEN}/getMe"))


def test_other_words_are_left_alone() -> None:
    words = "order 4031234567890123456 at 12:30:45 of telegram:-1001234567890"
    assert written(words).strip() == words
