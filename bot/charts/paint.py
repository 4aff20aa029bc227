"""A chart becomes a PNG of 1280 × 720: the finding on top, the figures under it, then the panels."""

import io

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.charts import ink
from bot.charts.chart import Bars, Chart, Columns, Lines, Panel, Tile
from bot.charts.panels import draw_bars, draw_columns, draw_lines

EDGE = 44
GAP = 56
SPLIT = 740
"""Where the left panel ends when others stand on its right."""
TILES_TOP, TILES_HIGH = 150, 118
TITLE_HIGH = 40
BETWEEN = 16
"""Room of a panel's own title."""


def paint(chart: Chart) -> bytes:
    """The picture of a chart, as a PNG."""
    with rc_context({"text.language": chart.language, "text.parse_math": False}):
        file = io.BytesIO()
        lay_out(chart).savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def lay_out(chart: Chart) -> Figure:
    """Everything in its place, not drawn yet."""
    with rc_context({"text.language": chart.language, "text.parse_math": False}):
        figure = Figure(figsize=(ink.WIDE / ink.DPI, ink.HIGH / ink.DPI), dpi=ink.DPI, facecolor=ink.PAPER)
        FigureCanvasAgg(figure)
        _draw_head(figure, chart)
        top = 140 if chart.subtitle else 110
        if chart.tiles:
            _draw_tiles(figure, chart.tiles)
            top = TILES_TOP + TILES_HIGH + 20
        _draw_panels(figure, chart.panels, top)
    return figure


def _draw_head(figure: Figure, chart: Chart) -> None:
    room = ink.WIDE - 2 * EDGE
    ink.write(figure, EDGE, 68, chart.title, ink.TITLE_PX, room_px=room, bold=True)
    ink.write(figure, EDGE, 112, chart.subtitle, ink.WORD_PX, ink.GREY, room)


def _draw_tiles(figure: Figure, tiles: tuple[Tile, ...]) -> None:
    wide = (ink.WIDE - 2 * EDGE) / len(tiles)
    for n, tile in enumerate(tiles):
        left, room = EDGE + n * wide, wide - 28
        figure.add_artist(_rule(left, room, ink.TONES[tile.tone]))
        ink.write(figure, left, TILES_TOP + 34, tile.label, ink.WORD_PX, ink.GREY, room)
        ink.write(figure, left, TILES_TOP + 82, tile.value, ink.FIGURE_PX, ink.BLACK, room, bold=True)
        ink.write(figure, left, TILES_TOP + 114, tile.note, ink.SMALLEST_PX, ink.GREY, room)


def _rule(left: float, wide: float, colour: str) -> Line2D:
    """A short line over a figure, in the colour of how it is meant."""
    y = 1 - (TILES_TOP - 4) / ink.HIGH
    return Line2D([left / ink.WIDE, (left + wide) / ink.WIDE], [y, y], color=colour, linewidth=5, solid_capstyle="butt")


def _draw_panels(figure: Figure, panels: tuple[Panel, ...], top: float) -> None:
    """One over the whole width, or the first on the left and the others one below the other on its right."""
    bottom, right = ink.HIGH - 24, ink.WIDE - EDGE
    if len(panels) == 1:
        _draw_panel(figure, panels[0], EDGE, top, right, bottom)
        return
    _draw_panel(figure, panels[0], EDGE, top, SPLIT, bottom)
    shares = [_rows(panel) for panel in panels[1:]]
    for panel, share in zip(panels[1:], shares, strict=True):
        low = top + (bottom - top - BETWEEN * (len(shares) - 1)) * share / sum(shares)
        _draw_panel(figure, panel, SPLIT + GAP, top, right, low)
        top = low + BETWEEN


def _rows(panel: Panel) -> float:
    """How much room a panel wants beside others: its title and its bars."""
    return 1.2 + (max(1, len(panel.bars)) if isinstance(panel, Bars) else 6)


def _draw_panel(figure: Figure, panel: Panel, left: float, top: float, right: float, bottom: float) -> None:
    ink.write(figure, left, top + 28, panel.title, ink.WORD_PX, ink.BLACK, right - left, bold=True)
    under = top + TITLE_HIGH
    match panel:
        case Lines():
            draw_lines(figure, panel, (left, under, right, bottom))
        case Columns():
            draw_columns(figure, panel, (left, under, right, bottom))
        case Bars():
            draw_bars(figure, panel, (left, under, right, bottom))
