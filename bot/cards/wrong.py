"""What is wrong with a configuration, in the reader's language: the setting, its value, and what is allowed."""

from bot.texts import Texts
from core.errors import BadConfig, Problem

CHAT = "chat"
"""Where a setting was read that somebody is typing: nobody needs to be told."""
HERE = {"value": "value_here", "checked": "checked_here"}


def say_wrong(error: BadConfig, texts: Texts) -> str:
    """One line; an error that has no parts is said as it is."""
    found = error.problem
    if found is None:
        return str(error)
    says = texts(f"wrong_check.{found.check}", **found.facts) if found.check else ""
    told = {**found.facts, "says": texts("wrong.says", says=says) if says and found.kind else says}
    why = HERE.get(found.why, found.why) if found.facts.get("place") == CHAT else found.why
    return texts(f"wrong.{why}", **told, allowed=_allowed(found, texts))


def _allowed(found: Problem, texts: Texts) -> str:
    if found.options:
        return " ".join(found.options)
    bounds = texts("allowed.and").join(texts(f"allowed.{word}", limit=limit) for word, limit in found.bounds)
    kind = texts(f"allowed.{found.kind}") if found.kind else ""
    return " ".join(filter(None, (kind, bounds)))
