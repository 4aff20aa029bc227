"""The shop's log. Its own lines name ids, kinds and numbers; the wire's libraries are kept quiet, for they would write
cookies, tokens and whole frames (law 11; a test greps the log of a day).
"""

import logging
import re

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
WIRE = ("websockets", "httpx", "httpx2", "httpcore", "httpcore2", "openai", "aiosqlite", "telegram")
"""Libraries that log what they carry: headers and frames when debugging, addresses with their tokens always."""

BOT_TOKEN = re.compile(r"(?<!\d)(\d{5,})(?::|%3A)[\w-]{30,}")
"""A Telegram bot's token, as it stands in every address of the Bot API; the number before the colon is its id."""


class Discreet(logging.Formatter):
    """Writes a line, tracebacks included, without the tokens in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with `***` for what is secret."""
        return BOT_TOKEN.sub(r"\1:***", super().format(record))


def open_log(handler: logging.Handler, level: int = logging.INFO) -> None:
    """Log to `handler` from `level` on; of the wire's libraries only warnings, whatever the level."""
    handler.setFormatter(Discreet(FORM))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)
    for name in WIRE:
        logging.getLogger(name).setLevel(logging.WARNING)
