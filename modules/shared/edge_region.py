"""A guard that puts CloudFront's own resources into the region where CloudFront looks for them."""

from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.settings.edge import EDGE_REGION


def require_edge_region(provider: AwsProvider) -> None:
    """Make sure that what follows lands where CloudFront looks for it.

    Raises:
        ValueError: The provider works in another region.
    """
    if provider.region_input != EDGE_REGION:
        message = (
            f"provider of {provider.region_input}; CloudFront needs this in {EDGE_REGION}: pass "
            "the stack's edge provider"
        )
        raise ValueError(message)
