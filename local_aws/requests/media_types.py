"""Media types of bodies."""


def media_type(header: str) -> str:
    """Return the type of a header `Content-Type` without its parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def is_binary(header: str, binary_types: tuple[str, ...]) -> bool:
    """Return whether a type is among those, which may end in `/*` or be `*/*`."""
    wanted = media_type(header)
    return any(
        pattern in {"*/*", wanted}
        or (pattern.endswith("/*") and wanted.startswith(pattern.removesuffix("*")))
        for pattern in map(str.lower, binary_types)
    )
