"""What holds for every test."""

from typing import Any

from hypothesis import settings

settings.register_profile("house", parent=settings(), deadline=None)
settings.load_profile("house")
"""A shared machine stalls now and then: slow is measured in tests/bench, not by the way."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Whoever runs the tests without a browser is told what was not tried."""
    reports = terminalreporter.stats.get("skipped", [])
    missing = {
        str(one.longrepr[2])
        for one in reports
        if isinstance(one.longrepr, (tuple, list)) and "NO CHROMIUM" in one.longrepr[2]
    }
    for reason in sorted(missing):
        terminalreporter.write_sep("!", f"{reason.removeprefix('Skipped: ')}; install chromium", red=True, bold=True)
