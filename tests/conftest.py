"""What holds for every test."""

from hypothesis import settings

settings.register_profile("house", parent=settings(), deadline=None)
settings.load_profile("house")
"""A shared machine stalls now and then: slow is measured in tests/bench, not by the way."""
