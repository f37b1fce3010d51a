"""Writes a review as Markdown, JSON and HTML."""
