"""The experts: prompts filled, history shown, answers read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadConfig
from core.rules.experts import PLACES, PROMPTS, build_turns, fill, parse_intent, prompt_facts, temperature
from core.rules.replies import Expert
from core.values.chats import Said, Sender
from core.values.ids import MessageId, ProductId
from core.values.money import Fen
from core.values.products import Product

NOW = datetime(2026, 5, 1, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "prompts"
PRODUCT = Product(
    id=ProductId(1),
    title="降噪耳机",
    configured=True,
    price_fen=Fen(10000),
    floor_fen=Fen(8131),
    created_at=NOW,
    updated_at=NOW,
)


def say(number: int, sender: Sender, text: str) -> Said:
    return Said(id=MessageId(number), sender=sender, kind="text", text=text, sent_at=NOW)


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_is_there_and_names_only_known_places(name: str):
    text = fill((FOLDER / f"{name}.md").read_text(encoding="utf-8"), prompt_facts(PRODUCT, "", 0))
    assert "降噪耳机" in text
    assert "{" not in text


def test_there_is_no_other_prompt():
    assert {path.stem for path in FOLDER.iterdir()} == set(PROMPTS)


def test_a_prompt_with_a_strange_place_is_refused():
    with pytest.raises(BadConfig, match=r"\{floor\}"):
        fill("底价{floor}", prompt_facts(PRODUCT, "", 0))


def test_the_model_is_never_told_the_floor():
    for rounds in range(10):
        told = " ".join(prompt_facts(PRODUCT, "", rounds).values())
        assert "81" not in told
    assert "未知" in prompt_facts(None, "耳机", 0)["price"]
    assert set(prompt_facts(None, "", 0)) == PLACES


def test_a_value_with_braces_is_not_filled_again():
    facts = prompt_facts(PRODUCT.model_copy(update={"facts": "写着{offer}"}), "", 0)
    assert fill("{facts}", facts) == "写着{offer}"


def test_history_becomes_turns_and_the_burst_comes_last():
    history = [
        say(1, Sender.buyer, "在吗"),
        say(2, Sender.us, "在的"),
        say(3, Sender.owner, "有货"),
        say(4, Sender.platform, "[我已拍下，待付款]"),
        say(5, Sender.buyer, "便宜点"),
        say(6, Sender.buyer, "80行吗"),
    ]
    turns = build_turns("规则", history, history[4:], most=200)
    assert turns == (
        ("system", "规则"),
        ("user", "在吗"),
        ("assistant", "在的\n有货"),
        ("user", "便宜点\n80行吗"),
    )


def test_only_the_newest_messages_are_shown():
    history = [say(n, Sender.buyer if n % 2 else Sender.us, f"第{n}句") for n in range(1, 301)]
    burst = [say(999, Sender.buyer, "好")]
    assert len(build_turns("规则", history, burst, most=10)) == 12
    assert build_turns("规则", history, burst, most=0) == (("system", "规则"), ("user", "好"))
    long = [say(n, Sender.buyer if n % 2 else Sender.us, "长" * 900) for n in range(1, 201)]
    assert sum(len(text) for _, text in build_turns("规则", long, burst, most=200)) < 12_600


def test_the_bargainer_grows_freer_round_by_round():
    freedom = [temperature(Expert.price, rounds) for rounds in (0, 1, 2, 4, 9)]
    assert freedom == pytest.approx([0.3, 0.45, 0.6, 0.9, 0.9])
    assert temperature(Expert.tech, 9) == 0.3


@pytest.mark.parametrize(
    ("answer", "expert"),
    [
        ("price", Expert.price),
        ("Price.", Expert.price),
        ("分类：tech", Expert.tech),
        ("**default**", Expert.default),
        ("这是议价", Expert.price),
        ("ｔｅｃｈ", Expert.tech),
        ("tech, not price", Expert.tech),
        ("", Expert.default),
        ("我不知道", Expert.default),
    ],
)
def test_the_classifying_answer_is_read_kindly(answer: str, expert: Expert):
    assert parse_intent(answer) is expert


@given(st.text(max_size=80))
def test_any_classifying_answer_names_an_expert(answer: str):
    assert parse_intent(answer) in Expert
