"""Puts widgets on CloudWatch's grid."""

from collections.abc import Iterator, Sequence

from modules.observability.widgets import Widget

COLUMNS = 24
"""Width of a dashboard in grid units (CloudWatch API Reference, Dashboard body structure)."""

WIDGETS_A_LINE = 3
"""More than three charts side by side leave no room for titles and legends on a laptop."""


def lay_out(rows: Sequence[Sequence[Widget]]) -> list[dict[str, object]]:
    """Places rows of widgets under each other, without overlaps and without holes.

    A row of more than three widgets becomes lines of nearly equal length. The widgets of a line
    share its width, and have the height of the tallest.
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
    count = -(-len(row) // WIDGETS_A_LINE)
    start = 0
    for index in range(count):
        # The earlier lines take what does not divide evenly.
        length = -(-(len(row) - start) // (count - index))
        yield row[start : start + length]
        start += length
