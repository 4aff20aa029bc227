"""What a picture shows: finished words and figures, laid out by the worker.

Everything here was written for people already, in their language. Only `name`s come from outside, and may hold signs
that the font lacks.
"""

from enum import StrEnum

from pydantic import Field

from core.values import Value

MAX_BARS = 8
MAX_POINTS = 31


class Tone(StrEnum):
    """How a figure is meant; its words say it too, a colour is never alone."""

    plain = "plain"
    good = "good"
    warn = "warn"
    bad = "bad"


class Stroke(StrEnum):
    """Which of several days a line is: drawn solid, dashed, dotted."""

    now = "now"
    before = "before"
    usual = "usual"


class Line(Value):
    """A course of figures, one a tick from the first on; `label` stands at its end."""

    values: tuple[float, ...] = Field(max_length=MAX_POINTS)
    label: str
    stroke: Stroke = Stroke.now


class Lines(Value):
    """Courses over the same ticks. `ticks` are the words under them, empty where there is none."""

    title: str
    lines: tuple[Line, ...]
    ticks: tuple[str, ...] = Field(max_length=MAX_POINTS)


class Columns(Value):
    """A figure a tick, standing. `last_open` says that the last tick is not over yet; `usual` is a level to compare."""

    title: str
    values: tuple[float, ...] = Field(max_length=MAX_POINTS)
    labels: tuple[str, ...] = Field(max_length=MAX_POINTS)
    """The words above the columns; where they would touch, only the highest column keeps its own."""
    ticks: tuple[str, ...] = Field(max_length=MAX_POINTS)
    last_open: bool = False
    end_label: str = ""
    """The last column in words, on the right: many columns leave no room above them."""
    usual: float | None = None
    usual_label: str = ""


class Bar(Value):
    """One lying figure; `label` stands at its end. `limit` is a level on it, drawn as a mark."""

    name: str
    value: float
    label: str
    tone: Tone = Tone.plain
    limit: float | None = None


class Bars(Value):
    """Figures one below the other."""

    title: str
    bars: tuple[Bar, ...] = Field(max_length=MAX_BARS)
    empty: str = ""
    """What stands there instead of no bars."""


class Tile(Value):
    """A figure in large letters, what it is above it, what it is compared with below."""

    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.plain


Panel = Lines | Columns | Bars


class Chart(Value):
    """A picture: the finding as its title, figures, and panels: one, or one on the left with others on its right."""

    title: str
    subtitle: str = ""
    tiles: tuple[Tile, ...] = Field(default=(), max_length=5)
    panels: tuple[Panel, ...] = Field(min_length=1, max_length=3)
    language: str = "zh-Hans"
