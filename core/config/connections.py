"""Settings of the shop itself and of its lines to the world: accounts, model, wire, clock."""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from core.config.fields import Count, Instant, Number, Place, Section, TimeOfDay, Zone
from core.config.wrong import wrong

Name = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,32}\Z")]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]\S*\Z")]
PROXY = re.compile(r"(https?|socks5h?)://([^\s/@#?]+@)?([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}/?")
Socket = Annotated[str, StringConstraints(pattern=r"^wss?://[^\s/]\S*\Z")]


class Shop(Section):
    """[shop]: where the shop lives and how it speaks."""

    data_dir: Place = Field(Place("data"), description="Folder of the database, the key file and the control socket.")
    timezone: Zone = Field(
        "Asia/Shanghai", description="IANA time zone of the shop: days, reports and cards follow it."
    )
    locale: Literal["zh", "en"] = Field("zh", description="Language of cards and commands.")


class Account(Section):
    """[[accounts]]: one login on one marketplace. The addresses are the platform's own."""

    name: Name = Field(description="Short name of the account: letters, digits, '.', '_' and '-', at most 32.")
    shop: Name = Field("main", description="Name of the shop it belongs to; accounts of one shop share their goods.")
    platform: Literal["xianyu"] = Field("xianyu", description="Which marketplace it is.")
    ws_url: Socket = Field("wss://wss-goofish.dingtalk.com/", description="Address of the message socket.")
    api_url: Web = Field("https://h5api.m.goofish.com", description="Address of the calls; /h5/... is added to it.")
    passport_url: Web = Field(
        "https://passport.goofish.com", description="Address of the login; /newlogin/... is added."
    )
    upload_url: Web = Field(
        "https://stream-upload.goofish.com", description="Address of image uploads; /api/... is added."
    )
    proxy: SecretStr = Field(
        SecretStr(""),
        description="Proxy of this account alone, http://, https://, socks5:// or socks5h://; empty: none. A secret.",
    )
    cookie_file: Place | None = Field(
        None, description="File with the browser's Cookie header; read at the first start and when it changes."
    )

    @field_validator("proxy")
    @classmethod
    def _known(cls, proxy: SecretStr) -> SecretStr:
        if proxy.get_secret_value() and not PROXY.fullmatch(proxy.get_secret_value()):
            raise wrong("no_proxy")
        return proxy


class Ai(Section):
    """[ai]: the language model, any server that speaks OpenAI's chat completions. Without it rules alone answer."""

    base_url: Web | Literal[""] = Field("", description="Address of the model's server, for example ending in /v1.")
    api_key: SecretStr = Field(SecretStr(""), description="Key of the model's account. A secret.")
    model: str = Field("", description="Name of the model that answers buyers.")
    timeout_s: Number = Field(20.0, gt=0, le=300, description="Longest wait for an answer, in seconds.")
    max_tokens: Count = Field(400, ge=16, le=8192, description="Longest answer, in tokens.")
    classify: bool = Field(True, description="Ask the model what an unclear message is about before answering it.")

    @model_validator(mode="after")
    def _whole(self) -> "Ai":
        if bool(self.base_url) != bool(self.model):
            missing, given = ("model", "base_url") if self.base_url else ("base_url", "model")
            raise wrong("goes_with", missing=missing, given=given)
        return self

    @property
    def is_on(self) -> bool:
        """Whether a model is configured."""
        return bool(self.base_url)


class Telegram(Section):
    """[telegram]: the owner's chat in Telegram. Without a token it is off."""

    token: SecretStr = Field(SecretStr(""), description="Token of the bot, as BotFather gives it. A secret.")
    api_url: Web = Field(
        "https://api.telegram.org", description="Address of the Bot API; a server of your own works too."
    )

    @property
    def is_on(self) -> bool:
        """Whether a bot is configured."""
        return bool(self.token.get_secret_value())


class Wire(Section):
    """[wire]: waits of the connections, always in real seconds; the defaults follow the official web client."""

    connect_s: Number = Field(20.0, gt=0, le=300, description="Longest wait for a connection, in seconds.")
    answer_s: Number = Field(
        10.0, gt=0, le=300, description="Longest wait for the answer to a socket request, in seconds."
    )
    http_s: Number = Field(20.0, gt=0, le=300, description="Longest wait for the answer to an HTTP call, in seconds.")
    heartbeat_s: Number = Field(15.0, gt=0, le=300, description="Seconds between two heartbeats.")
    silence_s: Number = Field(30.0, gt=0, le=600, description="A socket silent for so many seconds is dead.")
    reconnect_min_s: Number = Field(2.0, gt=0, le=300, description="First wait before connecting again, in seconds.")
    reconnect_max_s: Number = Field(
        90.0, gt=0, le=3600, description="Longest wait before connecting again, in seconds."
    )
    settle_s: Number = Field(
        3.0, ge=0, le=60, description="Wait after a registration before the first request, in seconds."
    )
    failures: Count = Field(
        5, ge=1, le=1000, description="After so many calls in a row without an answer an account's calls rest."
    )
    rest_min_s: Number = Field(30.0, gt=0, le=3600, description="Their first rest, in seconds; each next is doubled.")
    rest_max_s: Number = Field(600.0, gt=0, le=86400, description="Their longest rest, in seconds.")
    short_connections: Count = Field(
        5, ge=2, le=1000, description="After so many connections that lasted under 30 s, within 5 minutes, it pauses."
    )
    short_rest_minutes: Number = Field(
        30.0, gt=0, le=1440, description="How long it then opens no connection, in minutes, unless told to reconnect."
    )
    keep_alive_minutes: Number = Field(
        10.0, gt=0, le=1440, description="Minutes between two looks whether an account's login still lives."
    )
    code_poll_s: Number = Field(
        2.0, gt=0, le=30, description="Seconds between two looks whether a login code was scanned."
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Wire":
        if self.reconnect_max_s < self.reconnect_min_s:
            raise wrong("not_smaller", name="reconnect_max_s", than="reconnect_min_s")
        if self.rest_max_s < self.rest_min_s:
            raise wrong("not_smaller", name="rest_max_s", than="rest_min_s")
        if self.silence_s <= self.heartbeat_s:
            raise wrong("larger", name="silence_s", than="heartbeat_s")
        return self


class ClockSpeed(Section):
    """[clock]: shop time; only the demo lets it run fast."""

    speed: Number = Field(1.0, ge=1, le=120, description="How many times as fast as real time the shop's time runs.")
    since: Instant | None = Field(None, description="The instant from which a fast clock counts, with its offset.")

    @model_validator(mode="after")
    def _anchored(self) -> "ClockSpeed":
        if self.speed != 1 and self.since is None:
            raise wrong("goes_with", missing="since", given="speed")
        return self


class Watch(Section):
    """[watch]: how the engine looks after itself."""

    check_minutes: Number = Field(5.0, gt=0, le=1440, description="Minutes between two checks of the books.")
    catch_up_minutes: Number = Field(
        30.0, gt=0, le=1440, description="Minutes between two looks for messages and orders that no push brought."
    )
    login_warn_hours: Number = Field(
        24.0, ge=0, le=720, description="A login that will end is told of so many hours before."
    )
    heartbeat_s: Number = Field(5.0, gt=0, le=60, description="Seconds between two signs of life.")
    stale_s: Number = Field(30.0, gt=0, le=3600, description="`health` fails when the last sign is older, in seconds.")
    wake_s: Number = Field(60.0, gt=0, le=60, description="What waits looks again after so many seconds at the latest.")
    raw_days: Count = Field(
        30, ge=1, le=3650, description="Days for which raw payloads, texts of effects and expired buttons are kept."
    )
    keep_days: Count = Field(
        90, ge=31, le=3650, description="Days for which told notices and the figures of hours are kept."
    )
    backup_at: TimeOfDay = Field(
        "03:30", description="Shop time at which a copy of the shop is made each night, in data_dir/backups."
    )
    backups: Count = Field(7, ge=0, le=90, description="How many nightly copies are kept; 0: none are made.")

    @model_validator(mode="after")
    def _ordered(self) -> "Watch":
        if self.stale_s <= self.heartbeat_s:
            raise wrong("larger", name="stale_s", than="heartbeat_s")
        return self
