"""Where settings come from, what wins, and what a mistake is answered with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.config import describe, load
from core.errors import BadConfig


@pytest.fixture
def write(tmp_path: Path):
    def write_file(text: str, name: str = "config.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def complaint(path: Path | None = None, **env: str) -> str:
    with pytest.raises(BadConfig) as caught:
        load(path, env)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_without_file_and_environment_the_defaults_of_the_laws_hold():
    config = load(None, {"HOME": "/root", "ZHANGGUI": "1"})
    assert (config.approvals.deadline_minutes, config.approvals.reminder_minutes) == (60, 20)
    assert (config.replies.debounce_s, config.replies.debounce_max_s) == (2, 8)
    assert (config.retry.attempts, config.retry.first_delay_s, config.retry.max_delay_s) == (4, 30, 480)
    assert (config.limits.writes_per_s, config.limits.writes_per_minute) == (1, 30)
    assert (config.risk.amount_limit_fen, config.risk.first_buyer_limit_fen) == (50000, 20000)
    assert config.shop.timezone == "Asia/Shanghai"
    assert not config.ai.is_on
    assert config.accounts == ()


def test_the_file_is_read_and_the_environment_wins(write):
    path = write('[shop]\nlocale = "en"\ntimezone = "Asia/Tokyo"\n[replies]\ndebounce_s = 1\n')
    config = load(path, {"ZHANGGUI__SHOP__TIMEZONE": "UTC", "ZHANGGUI__REPLIES__HISTORY": "50"})
    assert (config.shop.locale, config.shop.timezone) == ("en", "UTC")
    assert (config.replies.debounce_s, config.replies.history) == (1.0, 50)
    places = {row.key: row.place for row in describe(config)}
    assert places["shop.locale"] == str(path)
    assert places["shop.timezone"] == "ZHANGGUI__SHOP__TIMEZONE"
    assert places["shop.data_dir"] == "default"


def test_a_secret_comes_from_environment_before_its_file_before_the_configuration(write):
    on = '[ai]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\napi_key = "from-config"\n'
    path, secret = write(on), write("from-file\n", "secret")
    from_file = {"ZHANGGUI__AI__API_KEY_FILE": str(secret)}
    assert load(path, {}).ai.api_key.get_secret_value() == "from-config"
    assert load(path, from_file).ai.api_key.get_secret_value() == "from-file"
    both = {**from_file, "ZHANGGUI__AI__API_KEY": "from-env"}
    assert load(path, both).ai.api_key.get_secret_value() == "from-env"


def test_accounts_are_made_and_changed_by_number_from_the_environment(write):
    path = write('[[accounts]]\nname = "one"\nws_url = "ws://127.0.0.1:1"\n')
    env = {"ZHANGGUI__ACCOUNTS__0__NAME": "first", "ZHANGGUI__ACCOUNTS__1__NAME": "second"}
    config = load(path, env | {"ZHANGGUI__ACCOUNTS__1__COOKIE_FILE": "c.txt"})
    assert [account.name for account in config.accounts] == ["first", "second"]
    assert config.accounts[0].ws_url == "ws://127.0.0.1:1"
    assert config.accounts[1].cookie_file == Path("c.txt")


def test_ten_accounts_from_the_environment_keep_their_numbers():
    config = load(None, {f"ZHANGGUI__ACCOUNTS__{n}__NAME": f"a{n}" for n in reversed(range(12))})
    assert [account.name for account in config.accounts] == [f"a{n}" for n in range(12)]


def test_lists_and_instants_are_read_from_the_environment():
    config = load(
        None,
        {
            "ZHANGGUI__SHIPPING__REMINDER_HOURS": "1, 3,6",
            "ZHANGGUI__CLOCK__SPEED": "60",
            "ZHANGGUI__CLOCK__SINCE": "2026-01-01T08:00:00+08:00",
        },
    )
    assert config.shipping.reminder_hours == (1, 3, 6)
    assert config.clock.since == datetime(2026, 1, 1, tzinfo=UTC)


def test_an_unknown_name_is_answered_with_its_place_the_nearest_name_and_all_names(write):
    text = complaint(write('[shop]\ndata_dri = "x"\n'))
    assert "config.toml" in text
    assert "'data_dri' in [shop]" in text
    assert "did you mean 'data_dir'?" in text
    assert "data_dir, timezone, locale" in text


def test_an_unknown_table_or_account_key_is_named(write):
    assert "unknown table 'shopp', did you mean 'shop'?" in complaint(write("[shopp]\nx = 1\n"))
    assert "'nmae' in [[accounts]], did you mean 'name'?" in complaint(write('[[accounts]]\nnmae = "x"\n'))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ZHANGGUI__AI__MODLE", ["unknown name 'modle' in [ai]", "did you mean 'model'?"]),
        ("ZHANGGUI__NOTHING__X", ["unknown table 'nothing'", "shop, accounts"]),
        ("ZHANGGUI__SHOP", ["in [shop]"]),
        ("ZHANGGUI__SHOP__LOCALE__DEEP", ["unknown name 'deep'"]),
        ("ZHANGGUI__ACCOUNTS__NAME", ["[[accounts]]"]),
        ("ZHANGGUI__ACCOUNTS__X__NAME", ["[[accounts]]"]),
        ("ZHANGGUI__SHOP__LOCALE_FILE", ["unknown name 'locale_file'"]),
        ("ZHANGGUI__", ["unknown table ''"]),
    ],
)
def test_an_unknown_environment_variable_is_named(name: str, words: list[str]):
    text = complaint(**{name: "x"})
    assert name in text
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[shop]\nlocale = "fr"', ["shop.locale = 'fr'", "one of zh, en"]),
        ('[shop]\ntimezone = "Mars/Base"', ["shop.timezone = 'Mars/Base'", "no such time zone", "Asia/Shanghai"][:2]),
        ('[shop]\ntimezone = "../../etc/passwd"', ["no such time zone"]),
        ('[shop]\ndata_dir = ""', ["shop.data_dir = ''", "a path"]),
        ("[replies]\ndebounce_s = true", ["replies.debounce_s = True", "not true or false"]),
        ("[replies]\nhistory = 1.5", ["replies.history = 1.5", "a whole number from 0 and up to 1000"]),
        ("[replies]\ndebounce_s = nan", ["replies.debounce_s = nan"]),
        ("[replies]\ndebounce_s = 9", ["[replies]", "debounce_max_s must not be smaller"]),
        ("[approvals]\nreminder_minutes = 50", ["[approvals]", "must rise"]),
        ("[shipping]\ndelay_max_minutes = 121", ["shipping.delay_max_minutes = 121", "up to 120"]),
        ("[shipping]\nreminder_hours = [8, 2]", ["shipping.reminder_hours = [8, 2]", "larger than the one before"]),
        ("[clock]\nspeed = 121", ["clock.speed = 121", "up to 120"]),
        ("[clock]\nspeed = 2", ["[clock]", "since is missing"]),
        ("[clock]\nsince = 2026-01-01T00:00:00", ["clock.since", "offset"]),
        ('[ai]\nbase_url = "http://x/v1"', ["[ai]", "model is missing although base_url is set"]),
        ('[ai]\nbase_url = "ftp://x"', ["ai.base_url = 'ftp://x'"]),
        ('[[accounts]]\nplatform = "xianyu"', ["accounts.0.name is missing"]),
        ('[[accounts]]\nname = "a"\nplatform = "ebay"', ["accounts.0.platform = 'ebay'", "one of xianyu"]),
        ('[[accounts]]\nname = "a"\n[[accounts]]\nname = "a"', ["two accounts have the same name"]),
        ('[accounts]\nname = "a"', ["accounts"]),
        ("shop = 3", ["[shop]"]),
        ("[shop", ["cannot be read"]),
        (f"[stock]\nlow_at = {10**30}", ["stock.low_at", "too large"]),
        ("[ai]\napi_key = 5", ["ai.api_key = ****"]),
    ],
)
def test_a_bad_value_is_answered_with_key_value_and_what_is_allowed(write, toml: str, words: list[str]):
    path = write(toml)
    text = complaint(path)
    assert all(word in text for word in words), text
    assert "is missing;" in text or "config.toml" in text or "configuration" in text


@pytest.mark.parametrize("name", ["a" * 33, "", "a b", "a\n", "小店!"])
def test_a_name_is_short_and_on_one_line(name: str):
    assert "accounts.0.name" in complaint(ZHANGGUI__ACCOUNTS__0__NAME=name)


@pytest.mark.parametrize("name", ["a" * 32, "小店-1", "ящик_2.x"])
def test_a_name_is_of_any_script(name: str):
    assert load(None, {"ZHANGGUI__ACCOUNTS__0__NAME": name}).accounts[0].name == name


def test_an_address_ends_with_its_line():
    for key in ("API_URL", "WS_URL"):
        scheme = "wss" if key == "WS_URL" else "https"
        text = complaint(ZHANGGUI__ACCOUNTS__0__NAME="a", **{f"ZHANGGUI__ACCOUNTS__0__{key}": f"{scheme}://x\n"})
        assert f"accounts.0.{key.lower()}" in text


def test_a_bad_value_of_the_environment_names_the_variable():
    text = complaint(ZHANGGUI__LIMITS__WORKERS="many")
    assert text.startswith("ZHANGGUI__LIMITS__WORKERS: limits.workers = 'many'")
    assert "from 1 and up to 64" in text


def test_an_account_left_out_of_the_numbering_is_named():
    assert "account 0 must be given before 1" in complaint(ZHANGGUI__ACCOUNTS__1__NAME="x")


def test_files_that_are_not_there_or_not_text_are_said_so(tmp_path: Path):
    assert "no such file; copy config.toml.example" in complaint(tmp_path / "none.toml")
    assert "cannot be read" in complaint(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in complaint(tmp_path / "bytes.toml")
    assert "ZHANGGUI__AI__API_KEY_FILE" in complaint(ZHANGGUI__AI__API_KEY_FILE=str(tmp_path / "none"))


def test_no_secret_is_ever_shown(write):
    path = write('[ai]\nbase_url = "http://x/v1"\nmodel = "m"\napi_key = "sk-hidden"\n')
    config = load(path, {})
    shown = {row.key: row.value for row in describe(config)}
    assert shown["ai.api_key"] == "****"
    assert "sk-hidden" not in repr(config) + str(config) + str(shown)
    wrong = complaint(write('[ai]\napi_key = ["sk-hidden"]\n'))
    assert "sk-hidden" not in wrong
    secrets_of_another_key = complaint(write('[ai]\napi_keyy = "sk-hidden"\n'))
    assert "sk-hidden" not in secrets_of_another_key


def test_a_table_inside_of_a_table_is_read_from_file_and_environment(write):
    path = write('[wecom.aibot]\nbot_id = "aib1"\nsecret = "s1"\n')
    config = load(path, {"ZHANGGUI__WECOM__AIBOT__WS_URL": "ws://127.0.0.1:1", "ZHANGGUI__WECOM__WEBHOOK__CHAT": "wr1"})
    assert (config.wecom.aibot.bot_id, config.wecom.aibot.ws_url) == ("aib1", "ws://127.0.0.1:1")
    rows = {row.key: row for row in describe(config)}
    assert rows["wecom.aibot.bot_id"].place == str(path)
    assert rows["wecom.aibot.ws_url"].place == "ZHANGGUI__WECOM__AIBOT__WS_URL"
    assert rows["wecom.webhook.chat"].value == "wr1"
    assert rows["wecom.aibot.secret"].value == "****"


def test_a_secret_of_an_inner_table_may_come_from_a_file(write):
    path, secret = write('[wecom.aibot]\nbot_id = "aib1"\n'), write("from-file\n", "secret")
    config = load(path, {"ZHANGGUI__WECOM__AIBOT__SECRET_FILE": str(secret)})
    assert config.wecom.aibot.secret.get_secret_value() == "from-file"


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[wecom.aibott]\nx = 1", ["unknown name 'aibott' in [wecom]", "did you mean 'aibot'?"]),
        ("[wecom.aibot]\nbotid = 1", ["unknown name 'botid' in [wecom.aibot]", "did you mean 'bot_id'?"]),
        ("[wecom.aibot]\nbot_id = 5", ["wecom.aibot.bot_id = 5"]),
        ('[wecom.aibot]\nbot_id = "a"', ["[wecom.aibot]", "belong together"]),
        ('[wecom.aibot]\nws_url = "http://x"', ["wecom.aibot.ws_url = 'http://x'"]),
        ('[wecom.webhook]\nurl = "ftp://k"', ["[wecom.webhook]", "must begin with http"]),
        ("[wecom]\naibot = 3", ["wecom.aibot"]),
        ("wecom = 3", ["[wecom]"]),
    ],
)
def test_a_mistake_in_an_inner_table_is_named(write, toml: str, words: list[str]):
    text = complaint(write(toml))
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ZHANGGUI__WECOM__AIBOT__BOTID", ["'botid' in [wecom.aibot]", "did you mean 'bot_id'?"]),
        ("ZHANGGUI__WECOM__AIBOT", ["'aibot' in [wecom]"]),
        ("ZHANGGUI__WECOM__BOT__ID", ["'bot' in [wecom]", "aibot, webhook"]),
    ],
)
def test_an_unknown_variable_of_an_inner_table_is_named(name: str, words: list[str]):
    text = complaint(**{name: "x"})
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    "toml",
    [
        "shop = 3",
        '[accounts]\nname = "a"',
        "[replies]\nhistory = 1.5",
        '[limits]\nworkers = "many"',
        '[ai]\nbase_url = "ftp://x"',
        "[clock]\nsince = 2026-01-01T00:00:00",
        "[ai]\napi_key = 5",
        "[risk]\namount_limit_fen = -1",
    ],
)
def test_no_phrase_of_a_library_is_in_a_complaint(write, toml: str):
    text = complaint(write(toml))
    assert "Input should" not in text
    assert "valid" not in text
    assert "Section" not in text
