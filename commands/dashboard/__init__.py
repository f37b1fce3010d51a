"""`make dashboard`: show an environment's dashboards and alarms before a deployment."""

from commands.dashboard.page import render_page

__all__ = ["render_page"]
