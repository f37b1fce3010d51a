"""Writes a review as one HTML file."""

from review.changes.model import Review


def render_html(review: Review) -> str:
    """Return the review as HTML."""
    return review.title
