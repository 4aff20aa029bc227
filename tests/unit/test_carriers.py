"""A number that looks like another carrier's is asked about."""

import pytest

from core.rules.carriers import is_doubtful


@pytest.mark.parametrize(
    ("carrier", "number", "doubtful"),
    [
        ("顺丰快递", "SF1234567890123", False),
        ("顺丰速运", "sf1234567890123", False),
        ("顺丰快递", "YT1234567890123", True),
        ("顺丰快递", "1234567890123", True),
        ("圆通速递", "YT1234567890123", False),
        ("中通快递", "78901234567890", False),
        ("中通快递", "SF1234567890123", True),
        ("邮政EMS", "EA123456789CN", False),
        ("京东快递", "JDVB12345678", False),
    ],
)
def test_a_doubt_about_the_carrier(carrier: str, number: str, doubtful: bool):
    assert is_doubtful(carrier, number) is doubtful
