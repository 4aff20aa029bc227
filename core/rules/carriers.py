"""Which carrier is meant, and whether a number looks like its own. A doubt is a question, never a refusal."""

import re

from core.values.carriers import BY_CODE, CARRIERS, Carrier

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,19}")


def find_carrier(words: str) -> Carrier | None:
    """The carrier meant by a code ("SF"), or by a word at the beginning of its name ("圆通快递", "yuantong")."""
    asked = words.strip()
    if known := BY_CODE.get(asked.upper()):
        return known
    return next((one for one in CARRIERS if asked.lower().startswith((*one.words, one.en.lower()))), None)


def code_of(words: str | None) -> str:
    """The platform's code for what was typed. Words of no known carrier stay as they are: another carrier's code."""
    typed = (words or "").strip()
    carrier = find_carrier(typed)
    if carrier is not None:
        return carrier.code
    return typed.upper() if _CODE.fullmatch(typed.upper()) else typed


def is_code(words: str) -> bool:
    """Whether the platform may be asked with it: a known carrier, or letters as codes have them."""
    return find_carrier(words) is not None or _CODE.fullmatch(words.upper()) is not None


def named_in(text: str) -> tuple[Carrier, ...]:
    """The carriers a text speaks of, each once; "邮政EMS" is EMS alone."""
    plain, found = text.lower(), []
    for carrier in CARRIERS:
        if word := next((word for word in (*carrier.words, carrier.code.lower()) if _says(plain, word)), None):
            found.append(carrier)
            plain = plain.replace(word, " ")
    return tuple(found)


def _says(plain: str, word: str) -> bool:
    """Latin words stand alone: "sf" is not in "sfsdf", and not the beginning of a number."""
    if not word.isascii():
        return word in plain
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", plain) is not None


def guess(tracking_no: str) -> tuple[Carrier, ...]:
    """The carriers whose numbers look like this one."""
    number = tracking_no.strip().upper()
    return tuple(one for one in CARRIERS if any(re.fullmatch(form, number) for form in one.forms))


def is_doubtful(carrier: str, tracking_no: str) -> bool:
    """Whether a number does not look like the carrier's: it has another's form, or none its own carrier has."""
    meant, looks = find_carrier(carrier), guess(tracking_no)
    if meant is None or meant in looks:
        return meant is None and bool(looks)
    return bool(looks) or bool(meant.forms)
