"""The page: one self-contained HTML file, without data and without requests to anywhere."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from commands.dashboard.findings import FoundAlarm, FoundDashboard
from commands.dashboard.view import alarm_views, shared_lines, widget_views

TEMPLATE = "page.html.jinja"


def render_page(
    *, dashboards: Sequence[FoundDashboard], alarms: Sequence[FoundAlarm], title: str
) -> str:
    """One HTML page with the dashboards on their grids, and the alarms.

    Args:
        dashboards: what to draw, in this order.
        alarms: what to list below; their names are shown where a dashboard shows their state.
        title: what the page is about, such as the environment's prefix.
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
