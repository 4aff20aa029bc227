"""The shop's log. Its own lines name ids, kinds and numbers; the wire's libraries are kept quiet, for they would write
cookies, tokens and whole frames (law 11; a test greps the log of a day).

A running shop also keeps its last lines in its folder, a JSON object each, for the owner who has no shell (`/logs`).
"""

import json
import logging
import os
import re
from collections.abc import Collection
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
WIRE = ("websockets", "httpx", "httpx2", "httpcore", "httpcore2", "openai", "aiosqlite", "telegram", "urllib3")
"""Libraries that log what they carry: headers and frames when debugging, addresses with their tokens always."""

BOT_TOKEN = re.compile(r"(?<!\d)(\d{5,})(?::|%3A)[\w-]{30,}")
"""A Telegram bot's token, as it stands in every address of the Bot API; the number before the colon is its id."""
SESSION = re.compile(
    r"\b(cookie2|_m_h5_tk(?:_enc)?|sgcookie|_tb_token_|x5sec|accessToken|refreshToken)(['\"]?\s*[=:]\s*['\"]?)[^\s;,&'\"]+"
)
"""Cookies and tokens by which somebody else could be the seller, as headers, forms and JSON write them."""
SHORTEST_SECRET = 6
"""Characters; hiding every `abc` would hide the log."""

FOLDER, FILE = "logs", "shop.jsonl"
LARGEST_FILE = 10_000_000
"""Bytes of one kept file."""
KEPT_FILES = 5
LONGEST_LINE = 20_000
"""Characters of a kept line; a traceback of a deep recursion is longer."""


class Discreet(logging.Formatter):
    """Writes a line, tracebacks included, without the tokens in it and without `secrets`, wherever they stand."""

    def __init__(self, form: str, secrets: Collection[str] = ()) -> None:
        super().__init__(form)
        long = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        shapes = {re.escape(shape) for secret in long for shape in (secret, quote(secret, safe=""))}
        self._secrets = re.compile("|".join(sorted(shapes, key=len, reverse=True))) if shapes else None

    def format(self, record: logging.LogRecord) -> str:
        """The line, with `***` for what is secret."""
        line = SESSION.sub(r"\1\2***", BOT_TOKEN.sub(r"\1:***", super().format(record)))
        return self._secrets.sub("***", line) if self._secrets else line


class JsonLine(Discreet):
    """The same as a JSON object: `at` (UTC), `level`, `name`, and `text` with its traceback."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__("%(message)s", secrets)

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the text holds."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        text = super().format(record)[:LONGEST_LINE]
        return json.dumps({"at": at, "level": record.levelname, "name": record.name, "text": text}, ensure_ascii=False)


class KeptLines(RotatingFileHandler):
    """Kept lines, rotated, for the owner's eyes alone. A full disk costs lines and nothing else."""

    def __init__(self, folder: Path, secrets: Collection[str] = (), largest: int = LARGEST_FILE) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        super().__init__(
            folder / FILE, maxBytes=largest, backupCount=KEPT_FILES - 1, encoding="utf-8", errors="replace", delay=True
        )
        self.setFormatter(JsonLine(secrets))

    def _open(self) -> Any:  # noqa: ANN401 - as logging has it
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(handle, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:
        """The other handlers have the line too."""


def open_log(handler: logging.Handler, level: int = logging.INFO, secrets: Collection[str] = ()) -> None:
    """Log to `handler` from `level` on, without `secrets`; of the wire's libraries only warnings."""
    handler.setFormatter(Discreet(FORM, secrets))
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)
    for name in WIRE:
        logging.getLogger(name).setLevel(logging.WARNING)


def keep_log(data_dir: Path, secrets: Collection[str] = ()) -> KeptLines:
    """From now on keep what is worth INFO in the shop's folder as well; to be called by the holder of its lock."""
    handler, root = KeptLines(data_dir / FOLDER, secrets), logging.getLogger()
    handler.setLevel(logging.INFO)
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO) if root.level else logging.INFO)
    return handler


def list_kept(data_dir: Path) -> list[Path]:
    """The files of kept lines, newest first."""
    newest = data_dir / FOLDER / FILE
    older = [newest.with_name(f"{FILE}.{n}") for n in range(1, KEPT_FILES)]
    return [file for file in (newest, *older) if file.is_file()]
