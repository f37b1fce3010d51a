"""The check that CloudFront's resources are in the region where CloudFront looks for them."""

from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.settings.edge import EDGE_REGION


def require_edge_region(provider: AwsProvider) -> None:
    """Check that a provider works in the region where CloudFront looks for its resources.

    Raises:
        ValueError: The provider works in another region.
    """
    if provider.region_input != EDGE_REGION:
        message = (
            f"provider of {provider.region_input}; CloudFront needs this in {EDGE_REGION}: pass "
            "the stack's edge provider"
        )
        raise ValueError(message)
