"""What the self test looked at, each with its sign and word."""

from bot.cards.card import Draft, Offer
from bot.cards.pen import Pen
from core.values.notices import Urgency
from core.values.selftest import Check, SelfTest


def selftest_card(found: SelfTest, pen: Pen) -> Draft:
    """Everything that was looked at, and how long it took."""
    broken = sum(not check.held for check in found.checks)
    facts = {"took": f"{found.took_s:.1f}", "n": len(found.checks), "broken": broken}
    return Draft(
        entity="selftest",
        urgency=Urgency.urgent if broken else Urgency.normal,
        title=pen("selftest.passed" if found.passed else "selftest.failed", **facts),
        fields=tuple(_line(check, pen) for check in found.checks),
        note=pen("selftest.note"),
        offers=(
            Offer(label=pen("button.health"), words="health"),
            Offer(label=pen("button.again"), words="selftest"),
        ),
    )


def _line(check: Check, pen: Pen) -> tuple[str, str]:
    word = pen("selftest.held") if check.held else pen("selftest.broken", seen=check.seen)
    return pen.word("checked", check.name), word


def plain_lines(found: SelfTest, pen: Pen) -> str:
    """The same as lines, for the host's command line."""
    card = selftest_card(found, pen)
    return "\n".join((card.title, *(f"  {label}: {value}" for label, value in card.fields)))
