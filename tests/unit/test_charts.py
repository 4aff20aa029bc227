"""The pictures: nothing collides, nothing leaves the paper, nothing is too small, no sign is missing."""

import struct
import warnings
from collections.abc import Iterator
from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from bot.cards.pictures import daily_chart, shelf_chart, today_chart
from bot.cards.spans import MEASURES, span_chart
from bot.cards.stats import View
from bot.charts import ink
from bot.charts.chart import Bar, Bars, Chart, Tone
from bot.charts.paint import lay_out, paint
from bot.charts.panels import spread
from bot.texts import LOCALES, load
from tests import figures

LONG = tuple((f"超级无敌长的商品名称一直写到天荒地老 {'W' * 30} 第{n}号", n * 1000, n * 77) for n in range(12))
HOSTILE = "😀<b>\u202e$x^2$\u200b\x00彩票" + "长" * 100_000


def cases(locale: str) -> Iterator[tuple[str, Chart]]:
    """Every picture there is, of ordinary, empty and enormous days."""
    pen = figures.pen(locale)
    for name, report in {
        "day": figures.day_report(),
        "bad": figures.day_report(ship_failed=12, late_5_30_min=300, late_over_30_min=41, refunds=9, expired=2),
        "first": figures.day_report(week=0),
        "none": figures.day_report(times=0, week=0),
        "quiet": figures.day_report(times=0),
        "one": figures.day_report(times=0.3, week=1, hours=8),
        "huge": figures.day_report(times=250, late_1_5_min=1234),
        "midnight": figures.day_report(hours=0),
    }.items():
        yield f"daily {name}", daily_chart(report, pen)
        for view in (View.sales, View.orders):
            yield f"{view} {name}", today_chart(report, report.numbers, view, pen)
    for days, times in ((7, 1.0), (31, 1.0), (7, 0.0), (30, 400.0), (7, 90000.0)):
        for view in MEASURES if times == 1 else (View.sales, View.orders):
            yield f"{view} {days} x{times}", span_chart(figures.span_report(days, times), view, pen)
    for goods in ((), figures.GOODS, LONG, ((HOSTILE, 1, 0),)):
        yield f"stock {len(goods)}", shelf_chart(figures.shelf(goods), pen)


CASES = {f"{locale} {name}": chart for locale in LOCALES for name, chart in cases(locale)}


def words(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


@pytest.mark.parametrize("name", CASES)
def test_words_touch_neither_each_other_nor_the_edge_and_can_be_read(name: str) -> None:
    figure = lay_out(CASES[name])
    assert min(text.get_fontsize() * ink.DPI / 72 for text in words(figure)) > ink.SMALLEST_PX - 0.01
    boxes = [(text.get_text(), text.get_window_extent()) for text in words(figure)]
    out = [said for said, box in boxes if box.x0 < 8 or box.x1 > ink.WIDE - 8 or box.y0 < 4 or box.y1 > ink.HIGH - 4]
    assert not out
    touching = [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if overlap(one, other)]
    assert not touching


def overlap(one, other) -> bool:
    """Whether two texts share more than their line gaps: a third of a line and a few pixels across."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > 2 and high > 0.25 * min(one.height, other.height)


def test_words_on_each_other_would_be_seen() -> None:
    figure = lay_out(CASES["zh daily day"])
    for text in words(figure):
        text.set_position((0.5, 0.5))
    first, second = (text.get_window_extent() for text in words(figure)[:2])
    assert overlap(first, second)


@pytest.mark.parametrize("name", ["zh daily day", "en daily huge", "zh stock 1", "en sales 31 x1.0", "zh stock 12"])
def test_a_picture_is_a_small_png_of_the_right_size_with_every_sign(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = paint(CASES[name])
    assert struct.unpack(">II", picture[16:24]) == (1280, 720)
    assert len(picture) < 300_000


def test_a_sign_of_ours_that_the_font_lacks_is_an_error() -> None:
    with pytest.warns(UserWarning, match="Glyph .* missing"):
        paint(Chart(title="😀", panels=(Bars(title="x", bars=()),)))


def test_the_font_has_every_sign_our_texts_put_into_a_picture() -> None:
    for locale in LOCALES:
        texts = load(locale)
        said = "".join(texts.raw(key) for key in texts if key.split(".")[0] in ("chart", "finding", "view", "stats"))
        said += texts.raw("report.beside_yesterday")
        assert not {sign for sign in said if ord(sign) not in ink.known_signs()}


def test_a_name_from_outside_keeps_what_can_be_drawn() -> None:
    assert ink.legible("点券😀\u202e <b>\u200b门\n骨") == "点券□ <b>门 骨"


def test_simplified_forms_are_drawn() -> None:
    """The one font holds several forms of a sign; the language chooses."""
    bars = (Bar(name="门骨直角复", value=1, label="1"),)
    simplified, japanese = (
        paint(Chart(title="直", panels=(Bars(title="骨", bars=bars),), language=language))
        for language in ("zh-Hans", "ja")
    )
    assert simplified != japanese


def test_labels_are_pushed_apart_and_kept_inside() -> None:
    assert spread([100, 101, 102], 30, 0, 500) == [100, 130, 160]
    assert spread([490, 495, 499], 30, 0, 500) == [440, 470, 500]
    assert spread([], 30, 0, 500) == []


def test_what_is_bad_is_told_by_more_than_a_colour() -> None:
    chart = daily_chart(figures.day_report(), figures.pen())
    low = chart.panels[2]
    assert isinstance(low, Bars)
    assert [(bar.tone, bar.label) for bar in low.bars] == [(Tone.bad, "卖完了"), (Tone.warn, "剩 3")]
