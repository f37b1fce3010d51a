"""What secrets are called, and what they look like."""

NAME_PATTERN = (
    r"(?:^|_)(?:password|passwd|secret|token|api_?key|private_?key|access_?key)(?:$|_value$)"
)
"""Names of arguments and variables that hold a secret; letters of any case."""
