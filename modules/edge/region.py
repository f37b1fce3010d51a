"""The one region that CloudFront takes its function, firewall, certificate and logs from."""

from cdktf_cdktf_provider_aws.provider import AwsProvider

EDGE_REGION = "us-east-1"


def require_edge_region(provider: AwsProvider) -> None:
    """Makes sure that what follows lands where CloudFront looks for it.

    Raises:
        ValueError: the provider works in another region.
    """
    if provider.region_input != EDGE_REGION:
        message = (
            f"provider of {provider.region_input}; CloudFront needs this in {EDGE_REGION}: pass "
            "the stack's edge provider"
        )
        raise ValueError(message)
