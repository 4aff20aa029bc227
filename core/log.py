"""The shop's log. Its own lines name ids, kinds and numbers; the wire's libraries are kept quiet, for they would write
cookies, tokens and whole frames (law 11; a test greps the log of a day).
"""

import logging

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
WIRE = ("websockets", "httpx", "httpx2", "httpcore", "httpcore2", "openai", "aiosqlite")
"""Libraries that log what they carry: headers and frames when debugging, addresses with their tokens always."""


def open_log(handler: logging.Handler, level: int = logging.INFO) -> None:
    """Log to `handler` from `level` on; of the wire's libraries only warnings, whatever the level."""
    handler.setFormatter(logging.Formatter(FORM))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)
    for name in WIRE:
        logging.getLogger(name).setLevel(logging.WARNING)
