"""Finds the risks of a change: data loss, outage, exposure, cost, forgotten objects."""

from review.changes.risks.find import find_risks

__all__ = ["find_risks"]
