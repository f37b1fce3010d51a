"""The secret with the API's own database user and password."""

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct


class DatabaseCredential(Construct):
    """A secret that Terraform makes empty, so that no password is ever in its state.

    The administration function puts user and password in, and changes both at each rotation.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, key_arn: str) -> None:
        super().__init__(scope, id_)
        secret = SecretsmanagerSecret(
            self,
            "secret",
            name=f"{name}-database-api",
            description="Database user and password of the API",
            kms_key_id=key_arn,
            # Nothing is lost with it, as the next migration makes another; and a secret that waits
            # for its deletion would keep its name from the next deployment.
            recovery_window_in_days=0,
            tags={"Name": f"{name}-database-api"},
        )
        self.arn = secret.arn
