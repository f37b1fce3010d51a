"""Finds texts within values."""

from collections.abc import Iterator

from review.terraform.shapes import is_list, is_mapping


def texts_of(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text within a value, with the name of its argument."""
    if isinstance(value, str):
        yield place, value
    elif is_mapping(value):
        for key, each in value.items():
            if key != "//":  # what CDKTF says about itself
                yield from texts_of(each, str(key))
    elif is_list(value):
        for each in value:
            yield from texts_of(each, place)
