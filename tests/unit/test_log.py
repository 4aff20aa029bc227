"""What the log never holds."""

import io
import logging
from collections.abc import Sequence

import pytest

from core.config import load, secrets_of
from core.log import Discreet


def written(message: str, *args: object, error: Exception | None = None, secrets: Sequence[str] = ()) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("%(message)s", secrets))
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


@pytest.mark.parametrize(
    "line",
    [
        "> Cookie: unb=22; cookie2=BANANA; x5sec=BANANA",
        "{'_m_h5_tk': 'BANANA_1700', 'accessToken': 'BANANA'}",
        '{"accessToken":"BANANA","refreshToken":"BANANA"}',
        "a=1&_tb_token_=BANANA&b=2",
    ],
)
def test_the_sellers_session_is_written_nowhere(line: str) -> None:
    shown = written("failed", error=KeyError(line)) + written(line)
    assert "BANANA" not in shown
    assert "***" in shown


def test_a_secret_of_the_configuration_is_hidden_in_a_traceback_too() -> None:
    secret = "sk-banana/0123"
    error = ValueError(f"http://model/?key={secret} or sk-banana%2F0123 refused")
    assert "banana" in written("asked with %s", secret, error=error), "the control: nobody said that it is one"
    shown = written("asked with %s", secret, error=error, secrets=[secret, "abc"])
    assert "banana" not in shown
    assert written("abc", secrets=["abc"]).strip() == "abc", "too short to be told from words"


def test_every_secret_of_the_configuration_is_known() -> None:
    names = {"AI__API_KEY": "k1", "TELEGRAM__TOKEN": "k2", "ACCOUNTS__0__PROXY": "http://u:k3@h:1"}
    names |= {"WECOM__AIBOT__BOT_ID": "b", "WECOM__AIBOT__SECRET": "k4", "WECOM__WEBHOOK__URL": "http://x/?key=k5"}
    env = {f"ZHANGGUI__{name}": value for name, value in names.items()}
    found = secrets_of(load(None, env | {"ZHANGGUI__ACCOUNTS__0__NAME": "a"}))
    assert {value for value in names.values() if value != "b"} <= found


def test_other_words_are_left_alone() -> None:
    words = "order 4031234567890123456 at 12:30:45 of telegram:-1001234567890"
    assert written(words).strip() == words
