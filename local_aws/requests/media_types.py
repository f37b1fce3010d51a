"""Media types of HTTP bodies."""


def media_type(header: str) -> str:
    """Return the media type of a `Content-Type` header in lower case, without parameters."""
    return header.partition(";")[0].strip().lower()


def is_binary(header: str, binary_types: tuple[str, ...]) -> bool:
    """Return whether a media type is one of `binary_types`, which may be `type/*` or `*/*`."""
    wanted = media_type(header)
    return any(
        pattern in {"*/*", wanted}
        or (pattern.endswith("/*") and wanted.startswith(pattern.removesuffix("*")))
        for pattern in map(str.lower, binary_types)
    )
