"""Rules of CloudFront: caching, logs and certificates."""

from collections.abc import Iterator

from modules.settings.edge import EDGE_REGION
from modules.settings.environment import Settings
from modules.settings.rules.problem import Problem, check_unique


def _check_catalogue_cache(settings: Settings) -> Iterator[Problem]:
    edge = settings.edge
    if edge.catalog_default_seconds > edge.catalog_max_seconds:
        yield Problem(
            key="edge.catalog_default_seconds",
            message=f"is {edge.catalog_default_seconds}; must be at most "
            f"catalog_max_seconds, {edge.catalog_max_seconds}",
        )


def _check_log_regions(settings: Settings) -> Iterator[Problem]:
    yield from check_unique("edge.log_regions", settings.edge.log_regions)


def _check_certificates(settings: Settings) -> Iterator[Problem]:
    domain = settings.domain
    if domain is None:
        return
    for key, arn, region in (
        ("certificate_arn", domain.certificate_arn, EDGE_REGION),
        ("origin_certificate_arn", domain.origin_certificate_arn, settings.region),
    ):
        if arn.split(":")[3] != region:
            yield Problem(key=f"domain.{key}", message=f"should be of region {region}: {arn}")


RULES = (_check_catalogue_cache, _check_log_regions, _check_certificates)
