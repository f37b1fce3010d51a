"""Durations in words."""


def in_words(seconds: float) -> str:
    """Return a duration such as `12 s` or `1 min 12 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
