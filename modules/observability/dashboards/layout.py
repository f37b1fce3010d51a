"""The layout of widgets on CloudWatch's grid."""

from collections.abc import Iterator, Sequence

from modules.observability.dashboards.widgets import Widget

COLUMNS = 24
"""Width of a dashboard, in grid units (CloudWatch API Reference, Dashboard body structure)."""

WIDGETS_PER_LINE = 3
"""Most widgets side by side. More leave no room for titles and legends on a laptop."""


def lay_out(rows: Sequence[Sequence[Widget]]) -> list[dict[str, object]]:
    """Return the widgets with their positions, without overlaps and without gaps.

    A row of more than WIDGETS_PER_LINE widgets becomes several lines of nearly equal length. The
    widgets of a line have the same width, and the height of the tallest among them.
    """
    placed: list[dict[str, object]] = []
    y = 0
    for line in (line for row in rows for line in _lines(row)):
        width, height = COLUMNS // len(line), max(widget.height for widget in line)
        for position, widget in enumerate(line):
            placed.append(
                {
                    "type": widget.type,
                    "x": position * width,
                    "y": y,
                    "width": width,
                    "height": height,
                    "properties": widget.properties(),
                }
            )
        y += height
    return placed


def _lines(row: Sequence[Widget]) -> Iterator[Sequence[Widget]]:
    count = -(-len(row) // WIDGETS_PER_LINE)
    start = 0
    for index in range(count):
        # If the widgets do not divide evenly, the first lines have one more than the last.
        length = -(-(len(row) - start) // (count - index))
        yield row[start : start + length]
        start += length
