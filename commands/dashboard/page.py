"""The page: one HTML file that contains no data and loads nothing."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from commands.dashboard.findings import FoundAlarm, FoundDashboard
from commands.dashboard.view import alarm_views, shared_lines, widget_views

TEMPLATE = "page.html.jinja"


def render_page(
    *, dashboards: Sequence[FoundDashboard], alarms: Sequence[FoundAlarm], title: str
) -> str:
    """Return an HTML page with the dashboards on their grids, and a table of the alarms.

    Args:
        dashboards: Dashboards to draw, in this order.
        alarms: Alarms to list. Widgets that show the state of alarms show these alarms' names.
        title: Title of the page, such as the environment's prefix.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        title=title,
        dashboards=[
            (dashboard.name, widget_views(dashboard, alarms=alarms)) for dashboard in dashboards
        ],
        alarms=alarm_views(alarms),
        shared_lines=shared_lines,
    )
