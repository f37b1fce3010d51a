"""Errors for the person who starts a review."""


class ReviewError(Exception):
    """What is wrong with an input, where, and what to do; without a traceback."""
