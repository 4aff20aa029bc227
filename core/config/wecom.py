"""[wecom]: the owner's chat in WeCom (企业微信): the aibot's connection, the group webhook, a self-built app."""

from pydantic import Field, SecretStr, model_validator

from core.config.connections import Socket, Web
from core.config.fields import Count, Section
from core.config.wrong import wrong


class WecomAibot(Section):
    """[wecom.aibot]: the intelligent robot, over its long connection (no public address is needed) or by its URL."""

    bot_id: str = Field("", description="BotID of the robot, from the admin console (API mode, long connection).")
    secret: SecretStr = Field(SecretStr(""), description="Secret of the robot's long connection. A secret.")
    ws_url: Socket = Field(
        "wss://openws.work.weixin.qq.com",
        description="Address of the long connection; a private deployment has its own.",
    )
    token: SecretStr = Field(SecretStr(""), description="Token of the robot's callback, for the URL mode. A secret.")
    aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey of the robot's callback. A secret.")
    path: str = Field("/wecom/aibot", pattern=r"^/[\w/.-]*\Z", description="Path of the robot's callback URL.")

    @model_validator(mode="after")
    def _whole(self) -> "WecomAibot":
        if bool(self.bot_id) != bool(self.secret.get_secret_value()):
            raise wrong("together", names="bot_id, secret")
        if bool(self.token.get_secret_value()) != bool(self.aes_key.get_secret_value()):
            raise wrong("together", names="token, aes_key")
        if self.bot_id and self.by_url:
            raise wrong("one_mode")
        return self

    @property
    def by_url(self) -> bool:
        """Whether WeCom calls the shop, rather than the shop WeCom."""
        return bool(self.token.get_secret_value())

    @property
    def is_on(self) -> bool:
        """Whether a robot is configured."""
        return bool(self.bot_id) or self.by_url


class WecomWebhook(Section):
    """[wecom.webhook]: a group's push robot; it says what the aibot cannot say at the moment."""

    url: SecretStr = Field(SecretStr(""), description="Address of the group's push robot, its key included. A secret.")
    chat: str = Field("", description="Chat id of the group it stands in; empty while there is one group.")

    @model_validator(mode="after")
    def _web(self) -> "WecomWebhook":
        url = self.url.get_secret_value()
        if url and not url.startswith(("http://", "https://")):
            raise wrong("no_url", name="url")
        return self

    @property
    def is_on(self) -> bool:
        """Whether a push robot is configured."""
        return bool(self.url.get_secret_value())


class WecomApp(Section):
    """[wecom.app]: a self-built app, for a company with a domain: 1:1 chats, and pushes into a group the app made."""

    corp_id: str = Field("", description="CorpID of the company.")
    agent_id: Count = Field(0, ge=0, description="AgentId of the app.")
    secret: SecretStr = Field(SecretStr(""), description="Secret of the app. A secret.")
    token: SecretStr = Field(SecretStr(""), description="Token of the app's callback. A secret.")
    aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey of the app's callback. A secret.")
    chat: str = Field("", description="Chat id of the group the app made, for alerts; empty without one.")
    api_url: Web = Field("https://qyapi.weixin.qq.com", description="Address of WeCom's calls; /cgi-bin/... is added.")
    path: str = Field("/wecom/callback", pattern=r"^/[\w/.-]*\Z", description="Path of the callback URL.")

    @model_validator(mode="after")
    def _whole(self) -> "WecomApp":
        wanted = {name: getattr(self, name) for name in ("corp_id", "agent_id", "secret", "token", "aes_key")}
        missing = [
            name
            for name, value in wanted.items()
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value)
        ]
        if missing and len(missing) < len(wanted):
            raise wrong("all_of", missing=", ".join(missing), names=", ".join(wanted))
        return self

    @property
    def is_on(self) -> bool:
        """Whether an app is configured."""
        return bool(self.corp_id)


class WecomHttp(Section):
    """[wecom.http]: where callbacks of a self-built app, or of a robot in URL mode, are listened for."""

    host: str = Field(
        "127.0.0.1", description="Address the callback listener binds to; a proxy with TLS stands before it."
    )
    port: Count = Field(8787, ge=0, le=65535, description="Port of the callback listener.")


class Wecom(Section):
    """[wecom]: its tables."""

    aibot: WecomAibot = WecomAibot()
    webhook: WecomWebhook = WecomWebhook()
    app: WecomApp = WecomApp()
    http: WecomHttp = WecomHttp()

    @model_validator(mode="after")
    def _apart(self) -> "Wecom":
        if self.app.is_on and self.aibot.by_url and self.app.path == self.aibot.path:
            raise wrong("two_paths")
        return self

    @property
    def is_on(self) -> bool:
        """Whether the shop speaks by the aibot or the push robot."""
        return self.aibot.is_on or self.webhook.is_on
