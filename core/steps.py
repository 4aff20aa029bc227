"""Named instants of the work at which a crash must lose nothing and double nothing.

Flows say `steps.reached(Steps.x)`; the composition root passes a do-nothing object, the crash tests one that kills
its own process. A house test fails when a member has no kill test.
"""

from enum import StrEnum
from typing import Protocol


class Steps(StrEnum):
    """Every instant where the process may die in the middle of something."""

    ingest_before_store = "ingest.before_store"
    ingest_stored = "ingest.stored"
    """Stored, not acknowledged."""
    decide_taken = "decide.taken"
    """Acknowledged, not acted on."""
    decide_moved = "decide.moved"
    answer_before_model = "answer.before_model"
    answer_before_store = "answer.before_store"
    answer_stored = "answer.stored"
    ship_before_due = "ship.before_due"
    ship_due = "ship.due"
    """Executing, its first effect planned and not begun."""
    deliver_claimed = "deliver.claimed"
    deliver_done_unnoted = "deliver.done_unnoted"
    """The world was changed, the shop does not know yet."""
    deliver_noted = "deliver.noted"
    read_done_unnoted = "read.done_unnoted"
    confirm_done_unnoted = "confirm.done_unnoted"
    consign_done_unnoted = "consign.done_unnoted"
    refusal_done_unnoted = "refusal.done_unnoted"
    """The platform may have taken our no to a refund, the shop does not know yet."""
    tell_claimed = "tell.claimed"
    tell_shown_unnoted = "tell.shown_unnoted"
    watch_before_deadline = "watch.before_deadline"
    keep_before_end = "keep.before_end"
    """The time of kept units is up, they are not back."""
    login_done_unnoted = "login.done_unnoted"
    """The new login is stored, its card does not say so yet."""
    catch_up_halfway = "catch_up.halfway"
    report_due = "report.due"
    """It is time for the day's report, nothing is written."""
    report_planned = "report.planned"
    """The report is in the owner's outbox, not shown."""
    request_stored = "request.stored"
    """A command was stored, not acted on."""
    setting_stored = "setting.stored"
    """A setting chosen in the chat is in its row, and not yet in force."""
    request_acted = "request.acted"
    """It acted, and is not marked done."""


class StepWatcher(Protocol):
    """Is told of each step."""

    def reached(self, step: Steps) -> None:
        """Called exactly at the instant."""
        ...


class NoWatcher:
    """Production's: nothing happens."""

    def reached(self, step: Steps) -> None:
        """Do nothing."""
