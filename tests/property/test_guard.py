"""No price below the floor gets through in any notation, and an honest price always does."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.rules.guard import BlockKind, GuardFacts, check

FILLER = st.text(
    "的了是我您好这那在有可看发颜色大小用很都没会和也说要拍沟通平台请问吗呢吧啊，。！ 天个张新件次", max_size=12
)
FIGURES = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def spell(number: int) -> str:
    """1–9999 in Chinese figures, as it is read out."""
    out, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + FIGURES[digit] + name
            zero = False
        else:
            zero = True
    return out.removeprefix("一") if out.startswith("一十") else out


def spell_short(number: int) -> str:
    """一百二 for 120, 两千五 for 2500; otherwise as it is read out."""
    text = str(number)
    if len(text) in (3, 4) and set(text[2:]) <= {"0"} and text[1] != "0":
        return FIGURES[int(text[0])].replace("二", "两") + ("百" if len(text) == 3 else "千") + FIGURES[int(text[1])]
    return spell(number)


def circled(number: int) -> str:
    return "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(digit)] for digit in str(number))


def wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


NOTATIONS = [
    lambda p: f"¥{p}",
    lambda p: f"￥ {p}",
    lambda p: f"{p}元",
    lambda p: f"{p}块钱",
    lambda p: f"{p}.00元",
    lambda p: f"{p} rmb",
    lambda p: f"RMB{p}",
    lambda p: f"{wide(p)}元",
    lambda p: f"{circled(p)}块",
    lambda p: "\u200b".join(str(p)) + "元",
    lambda p: " ".join(str(p)) + "元",
    lambda p: f"{spell(p)}元",
    lambda p: f"{spell(p)}块",
    lambda p: f"{spell_short(p)}块",
    lambda p: f"{spell(p).translate(FORMAL)}元",
    lambda p: " ".join(spell(p)) + "元",
    lambda p: "*".join(spell(p)) + "块钱",
    lambda p: "".join(FIGURES[int(digit)] for digit in str(p)) + "元",
    lambda p: f"卖你{p}",
    lambda p: f"成交价{spell(p)}元",
]


@st.composite
def low_offers(draw: st.DrawFn) -> tuple[str, GuardFacts]:
    floor = draw(st.integers(2, 9000))
    price = draw(st.integers(floor, floor * 2))
    offer = draw(st.integers(1, floor - 1))
    text = draw(FILLER) + draw(st.sampled_from(NOTATIONS))(offer) + draw(FILLER)
    return text, GuardFacts(floor_fen=floor * 100, price_fen=price * 100)


@given(low_offers())
@example(("好¥1。", GuardFacts(floor_fen=200, price_fen=200)))
@settings(max_examples=600, deadline=None)
def test_a_price_below_the_floor_is_stopped_in_every_notation(offer: tuple[str, GuardFacts]):
    text, facts = offer
    assert BlockKind.price in check(text, facts).kinds


@given(st.integers(2, 9000), st.integers(0, 9000), st.data())
@settings(max_examples=300, deadline=None)
def test_a_reduction_below_the_floor_is_stopped(floor: int, above: int, data: st.DataObject):
    price = floor + above
    off = data.draw(st.integers(above + 1, max(above + 1, price - 1)))
    words = data.draw(st.sampled_from(["便宜", "少", "减", "立减", "降", "优惠", "让您"]))
    number = data.draw(st.sampled_from([str(off), f"{off}元", f"{spell(off)}块" if off < 10000 else f"{off}块"]))
    assert not check(f"好的{words}{number}", GuardFacts(floor_fen=floor * 100, price_fen=price * 100)).passed


@given(st.integers(1, 9000), st.integers(0, 90000))
@settings(max_examples=300, deadline=None)
def test_a_price_from_the_floor_on_passes(floor: int, above: int):
    facts = GuardFacts(floor_fen=floor * 100, price_fen=(floor + above) * 100)
    for text in (f"您好，¥{floor + above}，喜欢可以直接拍下", f"这个¥{floor + above}可以的"):
        assert check(text, facts).blocks == ()


@given(low_offers())
@settings(max_examples=60, deadline=None)
def test_with_the_number_readers_off_every_one_of_them_leaks(offer: tuple[str, GuardFacts]):
    text, facts = offer
    assert BlockKind.price not in check(text, facts, readers=()).kinds


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_judged_and_its_spans_lie_inside_it(text: str):
    for block in check(text, GuardFacts(floor_fen=5000, price_fen=9000, item_text=text[:10])).blocks:
        assert 0 <= block.start <= block.end <= len(text)
