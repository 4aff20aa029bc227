"""The pretend Telegram's HTML, whatever is thrown at it."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.formatting import clean, read, units
from bot.sandbox.telegram.refusal import Refusal

TAGS = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<a href='x'>", "</a>", "<pre>", "</pre>", "<", ">", "&", "&lt;", "😀", " ", "</>"]
)
SOUP = st.lists(st.one_of(TAGS, st.text(max_size=3)), max_size=30).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXT)
def test_escaped_words_come_out_as_they_went_in(words):
    assert read(html.escape(words), "HTML").text == clean(words).strip()


@given(SOUP.filter(lambda soup: not any(0xD800 <= ord(char) < 0xE000 for char in soup)))
def test_soup_is_refused_or_has_its_entities_inside_the_text(soup):
    try:
        found = read(soup, "HTML")
    except Refusal:
        return
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= units(found.text) for one in found.entities)


def test_an_unescaped_tag_is_noticed():
    """The control: words put in as they are do not come out."""
    with pytest.raises(Refusal):
        read("<i>" + "小鱼 <3", "HTML")
