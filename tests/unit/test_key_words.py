"""Which pieces of a message are looked up as keys."""

import time

import pytest

from core.rules.key_words import MOST, key_words


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ABCD-1234", "ABCD-1234"),
        ("您的卡密ABCD-1234请收好", "ABCD-1234"),
        ("卡密：账号 abc 密码 1234", "账号 abc 密码 1234"),
        ("user@mail.com----Pass!9----tok", "user@mail.com----Pass!9----tok"),
        ("给你 user@mail.com----Pass!9，拿好", "user@mail.com----Pass!9"),
        ("f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        ("一\nK-1-2-3\n二", "K-1-2-3"),
        ("AB\u200bCD-12\u202e34", "ABCD-1234"),
        ("码：" + "a-" * 100 + "z", "a-" * 100 + "z"),
    ],
)
def test_a_key_is_found_wherever_it_stands(text: str, key: str) -> None:
    assert key in key_words(text)


def test_a_part_of_a_key_of_letters_is_no_piece() -> None:
    assert "BCD1" not in key_words("ABCD1234")


@pytest.mark.parametrize("text", ["", "\n\n", "好的", "-" * 100_000, "a b " * 30_000, "\u202e" * 100_000])
def test_a_text_of_any_size_is_cheap(text: str) -> None:
    began = time.perf_counter()
    assert len(key_words(text)) <= 2 * MOST
    assert time.perf_counter() - began < 1
