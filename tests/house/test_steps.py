"""Every step of the work has its kill test, and is reached by the code."""

from pathlib import Path

from core.steps import Steps
from tests.crash import test_kill

ROOT = Path(__file__).parents[2]


def test_every_step_has_a_kill_test() -> None:
    (marks,) = test_kill.test_a_process_killed_at_a_step_loses_and_doubles_nothing.pytestmark
    assert set(marks.args[1]) == set(Steps)


def test_every_step_is_reached_by_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "core").rglob("*.py") if path.name != "steps.py")
    assert [step for step in Steps if f"Steps.{step.name}" not in code] == []
