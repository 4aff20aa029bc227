"""The three kinds of panels. Every word stands at its figure; there is no legend and no grid to read off."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.charts import ink
from bot.charts.chart import Bar, Bars, Columns, Line, Lines, Stroke, Tone

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""
TICKS_HIGH = 40
LABEL_HIGH = 30
END_WIDE = 236
"""Room for the words at the end of lines."""
MOST_ROW, LEAST_ROW = 62, 32
NAME_SHARE = 0.46


def draw_lines(figure: Figure, panel: Lines, box: Box) -> None:
    """Courses with their names at their ends, pushed apart where they meet."""
    left, top, right, bottom = box
    count = max(2, len(panel.ticks))
    axes = ink.place(figure, left, top + 8, right - END_WIDE, bottom - TICKS_HIGH)
    high = max((value for line in panel.lines for value in line.values), default=0) or 1
    axes.set_xlim(0, count - 1)
    axes.set_ylim(-0.02 * high, 1.06 * high)
    axes.axhline(0, color=ink.PALE, linewidth=2)
    for line in panel.lines:
        colour, dashes, wide = ink.STROKES[line.stroke]
        axes.plot(range(len(line.values)), line.values, color=colour, linestyle=dashes, linewidth=wide, clip_on=False)
    _mark_end(axes, panel.lines)
    _write_ends(figure, axes, panel.lines, (left, top, right, bottom))
    for n, tick in enumerate(panel.ticks):
        x_px = left + (right - END_WIDE - left) * n / (count - 1)
        _write_tick(figure, x_px, bottom, tick, "center" if n else "left")


def _mark_end(axes: Axes, lines: Sequence[Line]) -> None:
    for line in lines:
        if line.stroke is Stroke.now and line.values:
            axes.plot([len(line.values) - 1], [line.values[-1]], "o", color=ink.BLUE, markersize=12, clip_on=False)


def _write_ends(figure: Figure, axes: Axes, lines: Sequence[Line], box: Box) -> None:
    """Words at the right edge, each as near to its line's end as the others let it."""
    _, top, right, bottom = box
    ends = sorted(((_height_px(axes, line.values[-1]), line) for line in lines if line.values), key=lambda end: end[0])
    heights = spread([height for height, _ in ends], LABEL_HIGH, top + 20, bottom - TICKS_HIGH)
    for y_px, (_, line) in zip(heights, ends, strict=True):
        colour = ink.STROKES[line.stroke][0]
        ink.write(figure, right - END_WIDE + 22, y_px + 8, line.label, ink.SMALLEST_PX, colour, END_WIDE - 22)


def _height_px(axes: Axes, value: float) -> float:
    """How far from the top of the picture a value stands."""
    return float(ink.HIGH - axes.transData.transform((0, value))[1])


def spread(wished: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Heights as near to the wished ones (rising) as keeps them apart and within the bounds."""
    placed: list[float] = []
    for height in wished:
        placed.append(max(height, low, placed[-1] + apart if placed else low))
    limit = high
    for n in range(len(placed) - 1, -1, -1):
        placed[n] = min(placed[n], limit)
        limit = placed[n] - apart
    return placed


def draw_columns(figure: Figure, panel: Columns, box: Box) -> None:
    """Standing figures; one that is not over yet is hatched, the usual level is a dotted line with its name."""
    left, top, right, bottom = box
    ends = [words for words in (panel.usual_label, panel.end_label) if words]
    right -= END_WIDE if ends else 0
    axes = ink.place(figure, left, top + LABEL_HIGH, right, bottom - TICKS_HIGH)
    high = max(*panel.values, panel.usual or 0, 0) or 1
    count = len(panel.values)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(0, 1.02 * high)
    axes.axhline(0, color=ink.PALE, linewidth=4)
    for n, value in enumerate(panel.values):
        _draw_column(axes, n, value, is_open=panel.last_open and n == count - 1)
    if panel.usual is not None:
        colour, dashes, wide = ink.STROKES[Stroke.usual]
        axes.axhline(panel.usual, color=colour, linestyle=dashes, linewidth=wide)
    step = (right - left) / count
    _write_columns(figure, axes, panel, left, step)
    for n, tick in enumerate(panel.ticks):
        _write_tick(figure, left + step * (n + 0.5), bottom, tick)
    _write_levels(figure, axes, panel, box)


def _write_columns(figure: Figure, axes: Axes, panel: Columns, left: float, step: float) -> None:
    """The words above the columns: all of them, or the highest alone where they would touch."""
    widest = max(ink.width_px(figure, label, ink.SMALLEST_PX) for label in panel.labels)
    highest = panel.values.index(max(panel.values))
    for n, (value, label) in enumerate(zip(panel.values, panel.labels, strict=True)):
        if label and (widest + 8 <= step or n == highest):
            ink.write(
                figure,
                left + step * (n + 0.5),
                _height_px(axes, value) - 8,
                label,
                ink.SMALLEST_PX,
                align="center",
                halo=True,
            )


def _write_levels(figure: Figure, axes: Axes, panel: Columns, box: Box) -> None:
    """On the right the usual level and the last column, each as near to its height as the other lets it."""
    _, top, right, bottom = box
    levels = [(panel.values[-1], panel.end_label, ink.BLUE)] if panel.end_label else []
    if panel.usual is not None:
        levels.append((panel.usual, panel.usual_label, ink.GREEN))
    levels.sort(key=lambda level: -level[0])
    heights = spread([_height_px(axes, value) for value, *_ in levels], LABEL_HIGH, top + 20, bottom - TICKS_HIGH)
    for y_px, (_, words, colour) in zip(heights, levels, strict=True):
        ink.write(figure, right - END_WIDE + 14, y_px + 8, words, ink.SMALLEST_PX, colour, END_WIDE - 14)


def _draw_column(axes: Axes, n: int, value: float, *, is_open: bool) -> None:
    fill = ink.PAPER if is_open else ink.BLUE
    column = Rectangle((n - 0.36, 0), 0.72, value, facecolor=fill, edgecolor=ink.BLUE, linewidth=2 if is_open else 0)
    column.set_hatch("//" if is_open else "")
    axes.add_patch(column)


def _write_tick(figure: Figure, x_px: float, bottom: float, text: str, align: str = "center") -> None:
    if text:
        ink.write(figure, x_px, bottom - 8, text, ink.SMALLEST_PX, ink.GREY, align=align)


def draw_bars(figure: Figure, panel: Bars, box: Box) -> None:
    """Lying figures: the name on the left, the words at the end, a short upright line where there is a limit."""
    left, top, right, bottom = box
    if not panel.bars:
        ink.write(figure, left, top + 44, panel.empty, ink.WORD_PX, ink.GREY, right - left)
        return
    row = max(LEAST_ROW, min(MOST_ROW, (bottom - top - 8) / len(panel.bars)))
    names = [ink.legible(bar.name) for bar in panel.bars]
    ends = [ink.width_px(figure, bar.label, ink.SMALLEST_PX) for bar in panel.bars]
    names_px = max(ink.width_px(figure, name, ink.SMALLEST_PX) for name in names)
    start = left + min(names_px, (right - left) * NAME_SHARE) + 18
    room = max(24.0, right - start - max(ends) - 14)
    high = max(max(bar.value, bar.limit or 0) for bar in panel.bars) or 1
    for n, (bar, name) in enumerate(zip(panel.bars, names, strict=True)):
        middle = top + 8 + row * (n + 0.5)
        ink.write(figure, left, middle + 8, name, ink.SMALLEST_PX, room_px=start - 18 - left)
        _draw_bar(figure, bar, (start, middle - row * 0.3, start + room, middle + row * 0.3), high)


def _draw_bar(figure: Figure, bar: Bar, box: Box, high: float) -> None:
    left, top, right, bottom = box
    long = (right - left) * bar.value / high
    colour = ink.TONES[bar.tone]
    _fill(figure, (left, top, left + max(long, 3), bottom), colour if bar.value else ink.PALE)
    end = left + max(long, 3)
    if bar.limit is not None:
        mark = left + (right - left) * bar.limit / high
        _fill(figure, (mark - 1.5, top - 5, mark + 1.5, bottom + 5), ink.BLACK)
        end = max(end, mark)
    words = colour if bar.tone is Tone.bad else ink.BLACK
    ink.write(figure, end + 12, (top + bottom) / 2 + 8, bar.label, ink.SMALLEST_PX, words)


def _fill(figure: Figure, box: Box, colour: str) -> None:
    left, top, right, bottom = box
    at = (left / ink.WIDE, 1 - bottom / ink.HIGH)
    size = (right - left) / ink.WIDE, (bottom - top) / ink.HIGH
    figure.add_artist(Rectangle(at, *size, facecolor=colour, linewidth=0, transform=figure.transFigure))
