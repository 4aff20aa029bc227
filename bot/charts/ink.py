"""The font, the colours and the pen of the pictures."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patheffects import Normal
from matplotlib.patheffects import Stroke as Stroked

from bot.charts.chart import Stroke, Tone

DPI = 100
WIDE, HIGH = 1280, 720
"""Pixels; a phone shows them at about a third."""
TITLE_PX, FIGURE_PX, WORD_PX = 42, 44, 24
SMALLEST_PX = 22
BLUE, SKY, VERMILION, ORANGE, GREEN = "#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#009E73"
"""Of Okabe and Ito: told apart by everybody."""
BLACK, GREY, PALE, PAPER = "#1A1A1A", "#5F5F5F", "#DDDDDD", "#FFFFFF"
TONES = {Tone.plain: BLUE, Tone.good: GREEN, Tone.warn: ORANGE, Tone.bad: VERMILION}
STROKES = {
    Stroke.now: (BLUE, "-", 5.0),
    Stroke.before: (GREY, (0, (5, 3)), 2.5),
    Stroke.usual: (GREEN, (0, (1, 2)), 3.0),
}
MISSING = "□"
"""Stands for a sign of a name from outside that the font lacks."""
MORE = "…"
LONGEST_NAME = 60
"""Signs of a name that are looked at: no more fit on the paper."""


@cache
def font_file() -> Path:
    """Noto Sans CJK (OFL) as the package notojp-matplotlib carries it; it holds the Simplified forms too.

    The package itself is not imported: that would load pyplot.
    """
    spec = find_spec("notojp_matplotlib")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "fonts" / "NotoSansCJKjp-Regular.otf"


def font(px: float) -> FontProperties:
    """The font in a size given in pixels of the picture."""
    return FontProperties(fname=str(font_file()), size=px * 72 / DPI)


@cache
def known_signs() -> frozenset[int]:
    """The code points the font has."""
    return frozenset(get_font(str(font_file())).get_charmap())


def legible(name: str) -> str:
    """A name from outside in signs the font has; each it lacks becomes a mark, signs without a look are left out."""
    shown = "".join(sign for sign in " ".join(name[:LONGEST_NAME].split()) if sign.isprintable())
    return "".join(sign if ord(sign) in known_signs() else MISSING for sign in shown)


def width_px(figure: Figure, text: str, px: float) -> float:
    """How wide a text would be."""
    probe = figure.text(0, 0, text, fontproperties=font(px))
    wide = probe.get_window_extent().width
    probe.remove()
    return float(wide)


def fit(figure: Figure, text: str, px: float, room_px: float) -> tuple[str, float]:
    """The text and its size so that it keeps within some pixels: smaller first, then cut."""
    wide = width_px(figure, text, px)
    if wide <= room_px:
        return text, px
    size = max(SMALLEST_PX, px * room_px / wide)
    while len(text) > 1 and width_px(figure, text, size) > room_px:
        text = text.removesuffix(MORE)[:-1].rstrip() + MORE
    return text, size


def write(
    figure: Figure,
    x_px: float,
    y_px: float,
    text: str,
    px: float,
    colour: str = BLACK,
    room_px: float = WIDE,
    *,
    align: str = "left",
    bold: bool = False,
    halo: bool = False,
) -> None:
    """Write on the picture; `y_px` is the baseline, counted from the top.

    Bold is the font's own line made wider; a halo keeps the words legible where they stand on a line.
    """
    text, size = fit(figure, text, px, room_px)
    at = x_px / WIDE, 1 - y_px / HIGH
    shown = figure.text(*at, text, fontproperties=font(size), color=colour, ha=align, va="baseline")
    if halo:
        shown.set_path_effects([Stroked(linewidth=5, foreground=PAPER), Normal()])
    if bold:
        shown.set_path_effects([Stroked(linewidth=size / 30, foreground=colour), Normal()])


def place(figure: Figure, left: float, top: float, right: float, bottom: float) -> Axes:
    """Empty axes on a rectangle of the picture, in pixels from its top left."""
    axes = figure.add_axes((left / WIDE, 1 - bottom / HIGH, (right - left) / WIDE, (bottom - top) / HIGH))
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelbottom=False, labelleft=False)
    axes.set_facecolor(PAPER)
    return axes
