"""Access to moto's backends, which hold the resources of a service, account and region."""

from collections.abc import Iterator

from moto.core.base_backend import SERVICE_BACKEND, BackendDict


def every_backend(backends: BackendDict[SERVICE_BACKEND]) -> Iterator[SERVICE_BACKEND]:
    """Yield the backends of a service: one per account and region in use.

    The copies allow other requests to add backends meanwhile.
    """
    for regions in list(backends.values()):
        yield from list(regions.values())
