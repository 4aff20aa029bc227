"""Texts: cleaned, folded, masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.text import fold, mask_key, mask_nick, normalise, same_text, squash


def test_a_text_leaves_without_invisible_signs_and_in_one_spelling():
    assert normalise(" ｉＰｈｏｎｅ\u200b  13\u202e\ufeff ") == "iPhone 13"
    assert normalise("一\n二") == "一\n二"
    assert normalise("好" * 10, cap=4) == "好好好好"


@pytest.mark.parametrize(
    ("raw", "heard"),
    [
        ("⑤❺𝟓５٥", "55555"),
        ("🅥🅧ⓥ", "vxv"),
        ("5️⃣0️⃣", "50"),
        ("🔟", "10"),
        ("ＷＸ", "wx"),
        ("轉賬", "转账"),
        ("В", "b"),
        ("3̶5̶", "35"),
    ],
)
def test_look_alikes_are_heard_as_what_they_look_like(raw: str, heard: str):
    assert fold(raw).text == heard


def test_a_squashed_text_keeps_the_places_of_its_characters():
    folded = fold("加 微。信!")
    tight = squash(folded)
    assert tight.text == "加微信"
    assert tight.span(1, 3) == (2, 5)


@given(st.text(max_size=50))
def test_every_folded_character_knows_where_it_came_from(text: str):
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= place < len(text) for place in folded.origins)


@given(st.text(max_size=50))
def test_normalising_twice_is_normalising_once(text: str):
    assert normalise(normalise(text)) == normalise(text)


def test_the_same_words_are_the_same_text_in_another_spelling():
    assert same_text("您好，在的 ", "您好,\u200b在的")
    assert same_text("卡密\r\nA1", "卡密\nA1")
    assert not same_text("您好", "您好吗")


def test_nicks_and_keys_are_masked():
    assert [mask_nick(nick) for nick in ("", "鱼", "小鱼", "小小的鱼")] == ["", "*", "小*", "小**鱼"]
    assert mask_key("ABCD-EFGH-8F2K") == "****-8F2K"
    assert mask_key("8F2K") == "****"
