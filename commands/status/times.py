"""Times as a person reads them."""

from datetime import datetime, timezone

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def describe_time(time: datetime) -> str:
    """Return a time in UTC, and how long ago it was."""
    seconds = max(0, int((datetime.now(timezone.utc) - time).total_seconds()))
    if seconds < _MINUTE:
        ago = "just now"
    elif seconds < _HOUR:
        ago = f"{seconds // _MINUTE} min ago"
    elif seconds < _DAY:
        ago = f"{seconds // _HOUR} h ago"
    else:
        ago = f"{seconds // _DAY} d ago"
    return f"{time.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC ({ago})"
