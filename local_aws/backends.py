"""Walks through what moto keeps."""

from collections.abc import Iterator

from moto.core.base_backend import SERVICE_BACKEND, BackendDict


def every_backend(backends: BackendDict[SERVICE_BACKEND]) -> Iterator[SERVICE_BACKEND]:
    """Yield a service's backend of each account and region that is in use.

    Other requests may add some meanwhile, hence the copies.
    """
    for regions in list(backends.values()):
        yield from list(regions.values())
