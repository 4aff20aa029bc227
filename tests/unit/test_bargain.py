"""Counter-offers go down with the rounds and never below the floor."""

from hypothesis import given
from hypothesis import strategies as st

from core.rules.bargain import counter_offer_fen, find_offer_fen


def test_each_round_gives_up_a_little_more():
    offers = [counter_offer_fen(10000, 8000, rounds) for rounds in range(8)]
    assert offers == [10000, 9400, 9000, 8700, 8500, 8400, 8400, 8400]


def test_without_a_floor_nothing_is_given_up():
    assert counter_offer_fen(10000, None, 5) == 10000
    assert counter_offer_fen(10000, 12000, 5) == 10000


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 100))
def test_no_counter_offer_is_below_the_floor_or_above_the_price(price: int, floor: int, rounds: int):
    offer = counter_offer_fen(price, min(floor, price), rounds)
    assert min(floor, price) <= offer <= price
    assert offer >= counter_offer_fen(price, min(floor, price), rounds + 1)


def test_a_buyers_offer_is_found_in_their_words():
    assert find_offer_fen(["90行吗"], 10000) == 9000
    assert find_offer_fen(["九十五块可以吗，我要3个"], 10000) == 9500
    assert find_offer_fen(["5块卖不卖"], 10000) is None
    assert find_offer_fen(["便宜点"], 10000) is None
