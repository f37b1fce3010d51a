"""`make dashboard`: shows an environment's dashboards and alarms before anything is deployed."""

from commands.dashboard.page import render_page

__all__ = ["render_page"]
