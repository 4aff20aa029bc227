"""How Telegram says no: an HTTP status, a description in its own words, sometimes parameters."""

from bot.sandbox.serving import Json


class Refusal(Exception):
    """`code` is both the HTTP status and `error_code`; `parameters` hold `retry_after` or `migrate_to_chat_id`."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        """The body of the answer."""
        more = {} if self.parameters is None else {"parameters": self.parameters}
        return {"ok": False, "error_code": self.code, "description": self.description, **more}


def bad(words: str, parameters: Json | None = None) -> Refusal:
    """400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {words}", parameters)


def forbidden(words: str) -> Refusal:
    """403 with Telegram's prefix."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """409 with Telegram's prefix."""
    return Refusal(409, f"Conflict: {words}")


def too_many(retry_after_s: int) -> Refusal:
    """429; whole seconds, at least one."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})
