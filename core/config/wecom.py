"""[wecom]: the owner's chat in WeCom (企业微信): the aibot's connection, the group webhook, a self-built app."""

from pydantic import Field, SecretStr, model_validator

from core.config.connections import Socket
from core.config.fields import Section


class WecomAibot(Section):
    """[wecom.aibot]: the intelligent robot over its long connection. No public address is needed."""

    bot_id: str = Field("", description="BotID of the robot, from the admin console (API mode, long connection).")
    secret: SecretStr = Field(SecretStr(""), description="Secret of the robot's long connection. A secret.")
    ws_url: Socket = Field(
        "wss://openws.work.weixin.qq.com",
        description="Address of the long connection; a private deployment has its own.",
    )

    @model_validator(mode="after")
    def _whole(self) -> "WecomAibot":
        if bool(self.bot_id) != bool(self.secret.get_secret_value()):
            raise ValueError("bot_id and secret belong together: one of them is missing")
        return self

    @property
    def is_on(self) -> bool:
        """Whether a robot is configured."""
        return bool(self.bot_id)


class WecomWebhook(Section):
    """[wecom.webhook]: a group's push robot; it says what the aibot cannot say at the moment."""

    url: SecretStr = Field(SecretStr(""), description="Address of the group's push robot, its key included. A secret.")
    chat: str = Field("", description="Chat id of the group it stands in; empty while there is one group.")

    @model_validator(mode="after")
    def _web(self) -> "WecomWebhook":
        url = self.url.get_secret_value()
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("url must begin with http:// or https://")
        return self

    @property
    def is_on(self) -> bool:
        """Whether a push robot is configured."""
        return bool(self.url.get_secret_value())


class Wecom(Section):
    """[wecom]: its tables."""

    aibot: WecomAibot = WecomAibot()
    webhook: WecomWebhook = WecomWebhook()

    @property
    def is_on(self) -> bool:
        """Whether the shop speaks in WeCom at all."""
        return self.aibot.is_on or self.webhook.is_on
