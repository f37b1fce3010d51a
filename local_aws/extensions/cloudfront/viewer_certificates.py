"""CloudFront's host names and their certificates; gaps of moto 5.2.5.

- A distribution gets host names without a certificate that covers them.
- A distribution gets a certificate that does not exist, or that is of another region.
- Two distributions get the same host name.
"""

from typing import Any

from moto.acm.exceptions import CertificateNotFound
from moto.acm.models import CertBundle, acm_backends
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, Distribution

from local_aws.graft import graft
from local_aws.regions import GLOBAL_REGION

_create_distribution = CloudFrontBackend.create_distribution_with_tags
_update_distribution = CloudFrontBackend.update_distribution


class _InvalidCertificateError(CloudFrontException):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidViewerCertificate", message)


class _AliasTakenError(CloudFrontException):
    def __init__(self) -> None:
        super().__init__(
            "CNAMEAlreadyExists",
            "One or more of the CNAMEs you provided are already associated with a different"
            " resource.",
        )


@graft
class _Backend(CloudFrontBackend):
    def create_distribution_with_tags(
        self, distribution_config: dict[str, Any], tags: list[dict[str, str]]
    ) -> tuple[Distribution, str, str]:
        self._check_aliases(distribution_config, owner=None)
        return _create_distribution(self, distribution_config, tags)

    def update_distribution(
        self,
        dist_config: dict[str, Any],
        _id: str,
        if_match: bool,  # noqa: FBT001  # as in moto
    ) -> tuple[Distribution, str, str]:
        self._check_aliases(dist_config, owner=_id)
        return _update_distribution(self, dist_config, _id, if_match)

    def _check_aliases(self, config: dict[str, Any], *, owner: str | None) -> None:
        aliases: set[str] = set(config.get("Aliases", {}).get("Items") or [])
        arn = config.get("ViewerCertificate", {}).get("ACMCertificateArn")
        names: set[str] = _covered_names(self._certificate(arn)) if arn else set()
        if aliases and not arn:
            message = (
                "To add an alternate domain name (CNAME) to a CloudFront distribution, you must"
                " attach a trusted certificate that validates your authorization to use the domain"
                " name."
            )
            raise _InvalidCertificateError(message)
        if not all(_covers(names, alias) for alias in aliases):
            message = (
                "The certificate that is attached to your distribution doesn't cover the alternate"
                " domain name (CNAME) that you're trying to add."
            )
            raise _InvalidCertificateError(message)
        for other in self.distributions.values():
            if other.id != owner and aliases & set(other.Aliases.get("Items") or []):
                raise _AliasTakenError

    def _certificate(self, arn: str) -> CertBundle:
        try:
            found = acm_backends[self.account_id][GLOBAL_REGION].get_certificate(arn)
        except CertificateNotFound:
            found = None
        if found is None or found.status != "ISSUED":
            message = (
                "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't"
                " valid, or doesn't include a valid certificate chain."
            )
            raise _InvalidCertificateError(message)
        return found


def _covered_names(certificate: CertBundle) -> set[str]:
    return {certificate.common_name, *certificate.sans}


def _covers(names: set[str], host: str) -> bool:
    return host in names or f"*.{host.partition('.')[2]}" in names
