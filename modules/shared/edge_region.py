"""The one region that CloudFront takes its function, firewall, certificate and logs from."""

from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.settings.edge import EDGE_REGION

__all__ = ["EDGE_REGION", "require_edge_region"]


def require_edge_region(provider: AwsProvider) -> None:
    """Make sure that what follows lands where CloudFront looks for it.

    Raises:
        ValueError: the provider works in another region.
    """
    if provider.region_input != EDGE_REGION:
        message = (
            f"provider of {provider.region_input}; CloudFront needs this in {EDGE_REGION}: pass "
            "the stack's edge provider"
        )
        raise ValueError(message)
