"""A day for every flow test; when it ends, the books must be right, every loop alive and no error logged."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flow.shop import Day, open_day


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "day: options of the day a flow test gets (tests/flow/shop.py)")


@pytest.fixture
async def day(request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Day]:
    """A shop with its world. `@pytest.mark.day(...)` gives the options of `open_day`, and `errors=True` allows some."""
    marker = request.node.get_closest_marker("day")
    options = dict(marker.kwargs) if marker else {}
    errors = options.pop("errors", False)
    async with open_day(tmp_path, **options) as opened:
        yield opened
        states = set(opened.shop._supervisor.states.values()) if opened._leave else {"ok"}
    if not errors:
        assert states <= {"ok"}
        assert not [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
