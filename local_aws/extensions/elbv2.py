"""Elastic Load Balancing; gaps of moto 5.2.5.

- A second load balancer gets the name of the first. (AWS returns the first if both are the same.)
- An Application Load Balancer is in one zone only.
- A load balancer gets two listeners of the same port.
- A new listener gets a certificate that does not exist, and one for HTTPS gets none.
- A listener that changes to HTTP keeps its certificate.
"""

from typing import Any

from moto.elbv2.exceptions import (
    DuplicateListenerError,
    DuplicateLoadBalancerName,
    ELBClientError,
)
from moto.elbv2.models import ELBv2Backend, FakeListener, FakeLoadBalancer

from local_aws.graft import graft
from review.limits import elbv2

_create_load_balancer = ELBv2Backend.create_load_balancer
_create_listener = ELBv2Backend.create_listener
_modify_listener = ELBv2Backend.modify_listener


class _CertificateNotFoundError(ELBClientError):
    def __init__(self, arn: str) -> None:
        super().__init__("CertificateNotFound", f"Certificate '{arn}' not found")


class _MissingCertificateError(ELBClientError):
    def __init__(self) -> None:
        super().__init__("ValidationError", "A certificate must be specified for HTTPS listeners")


class _TooFewZonesError(ELBClientError):
    def __init__(self) -> None:
        super().__init__(
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        )


def _check_port(balancer: FakeLoadBalancer, port: object, *, owner: str | None) -> None:
    for listener in balancer.listeners.values():
        if listener.arn != owner and str(listener.port) == str(port):
            raise DuplicateListenerError


@graft
class _Backend(ELBv2Backend):
    def create_load_balancer(
        self,
        name: str,
        security_groups: list[str],
        subnet_ids: list[str],
        subnet_mappings: list[dict[str, str]] | None = None,
        scheme: str = "internet-facing",
        loadbalancer_type: str | None = None,
        ip_address_type: str = "ipv4",
        tags: list[dict[str, str]] | None = None,
    ) -> FakeLoadBalancer:
        wanted = scheme, set(subnet_ids), set(security_groups)
        for kept in self.load_balancers.values():
            if kept.name == name:
                subnets = {subnet.id for subnet in kept.subnets}
                if wanted != (kept.scheme, subnets, set(kept.security_groups)):
                    raise DuplicateLoadBalancerName
                return kept
        zones = {self.ec2_backend.get_subnet(each).availability_zone for each in subnet_ids}
        if subnet_ids and loadbalancer_type in {None, "application"} and len(zones) < elbv2.ZONES:
            raise _TooFewZonesError
        return _create_load_balancer(
            self,
            *(name, security_groups, subnet_ids, subnet_mappings),
            *(scheme, loadbalancer_type, ip_address_type, tags),
        )

    def create_listener(
        self,
        load_balancer_arn: str,
        protocol: str,
        port: str,
        ssl_policy: str,
        certificate: str | None,
        actions: list[dict[str, Any]],
        alpn_policy: list[str] | None = None,
        tags: list[dict[str, str]] | None = None,
    ) -> FakeListener:
        if balancer := self.load_balancers.get(load_balancer_arn):
            _check_port(balancer, port, owner=None)
        if protocol == "HTTPS" and certificate is None:
            raise _MissingCertificateError
        if certificate and not self._certificate_exists(certificate):
            raise _CertificateNotFoundError(certificate)
        return _create_listener(
            self,
            *(load_balancer_arn, protocol, port, ssl_policy, certificate),
            *(actions, alpn_policy, tags),
        )

    def modify_listener(
        self,
        arn: str,
        port: str | None = None,
        protocol: str | None = None,
        ssl_policy: str | None = None,
        certificates: list[dict[str, Any]] | None = None,
        actions: list[dict[str, Any]] | None = None,
    ) -> FakeListener:
        (found,) = self.describe_listeners(load_balancer_arn=None, listener_arns=[arn])
        if port is not None:
            _check_port(self.load_balancers[found.load_balancer_arn], port, owner=arn)
        listener = _modify_listener(self, arn, port, protocol, ssl_policy, certificates, actions)
        if listener.protocol == "HTTP":
            listener.certificate = None
            listener.certificates = []
        return listener
