"""The load balancer's listener for HTTPS."""

from constructs import Construct

from modules.service.catalog_listener import build_catalog_listener
from modules.service.load_balancer import LoadBalancer


class HttpsListener(Construct):
    """A listener for HTTPS, with the certificate of the domain's origin host.

    It is in the edge stack and not beside the load balancer: when the domain is removed, Terraform
    deletes the listener after the distribution has moved to another VPC origin.
    """

    def __init__(
        self, scope: Construct, id_: str, *, load_balancer: LoadBalancer, certificate_arn: str
    ) -> None:
        super().__init__(scope, id_)
        self.parts = build_catalog_listener(
            self,
            name=load_balancer.name,
            load_balancer_arn=load_balancer.arn,
            target_group_arn=load_balancer.target_group_arn,
            certificate_arn=certificate_arn,
        )
