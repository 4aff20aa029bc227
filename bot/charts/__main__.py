"""The worker: a chart as JSON on standard input becomes a PNG on standard output. It lives for one picture."""

import os
import sys
import warnings

NICE = 10
"""The shop comes first."""


def main() -> int:
    """Draw, and end; a sign of ours that the font lacks is an error, never a hole in the picture."""
    os.nice(NICE)
    warnings.filterwarnings("error", message=r"Glyph .* missing")
    from bot.charts.chart import Chart
    from bot.charts.paint import paint

    chart = Chart.model_validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(paint(chart))
    return 0


if __name__ == "__main__":
    sys.exit(main())
