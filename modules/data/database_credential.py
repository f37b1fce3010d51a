"""The secrets with the API's own database users and passwords."""

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

LOGINS = ("api_1", "api_2")
"""Database users of the API that take turns; the administration function creates them."""


class DatabaseCredential(Construct):
    """Secrets that Terraform creates empty, so that its state never holds a password.

    The administration function writes user and password, and changes both at each rotation. A proxy
    authenticates clients by secrets and reads only the newest value of each. Both users must work
    at the same time, so each has a secret of its own for the proxy.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, key_arn: str, proxied: bool
    ) -> None:
        """Create the secrets.

        Args:
            name: Prefix of the secrets' names.
            key_arn: Key that encrypts the secrets.
            proxied: Whether a proxy needs one secret for each user.
        """
        super().__init__(scope, id_)
        self._name = f"{name}-database-api"
        self._key_arn = key_arn
        self.arn = self._build_secret("secret", self._name, "Database user and password of the API")
        """ARN of the secret that the API reads, with the user whose turn it is."""

        self.proxy_arns = [
            self._build_secret(
                f"login-{number}",
                f"{self._name}-{number}",
                f"Database user {login}, for the proxy",
            )
            for number, login in enumerate(LOGINS if proxied else (), start=1)
        ]
        """ARNs of the proxy's secrets, one for each user in their order; empty without a proxy."""

    def _build_secret(self, id_: str, name: str, description: str) -> str:
        return SecretsmanagerSecret(
            self,
            id_,
            name=name,
            description=description,
            kms_key_id=self._key_arn,
            # The next migration writes new credentials, so nothing is lost. A secret that waits for
            # its deletion would block its name for the next deployment.
            recovery_window_in_days=0,
            tags={"Name": name},
        ).arn
