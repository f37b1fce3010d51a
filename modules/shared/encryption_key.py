"""Customer-managed KMS keys."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.settings import KeySettings
from modules.shared.account import Account
from modules.shared.iam import Statement, policy_document


class EncryptionKey(Construct):
    """A symmetric key with an alias and yearly rotation; IAM decides who uses it.

    The first statement of its policy hands the decision to the account's IAM policies, as AWS does
    by default (KMS Developer Guide, Default key policy); further ones admit AWS services.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        account: Account,
        settings: KeySettings,
        statements: Sequence[Statement] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the key.

        Args:
            name: Alias of the key, without `alias/`.
            account: The account, as seen from the key's region.
            statements: Permissions of AWS services.
            provider: Provider of the key's region; None for the stack's own.
        """
        super().__init__(scope, id_)
        key = KmsKey(
            self,
            "key",
            provider=provider,
            description=description,
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_days,
            deletion_window_in_days=settings.deletion_window_days,
            policy=policy_document(
                Statement(
                    sid="DelegateToIam",
                    actions=["kms:*"],
                    resources=["*"],
                    accounts=[account.root],
                ),
                *statements,
            ),
            tags={"Name": name},
        )
        self.arn = key.arn
        KmsAlias(self, "alias", provider=provider, name=f"alias/{name}", target_key_id=key.key_id)


def allow_log_groups(*, account: Account) -> Statement:
    """Return a statement that lets CloudWatch Logs use a key for the account's log groups only.

    Source: CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using KMS.
    """
    return Statement(
        sid="EncryptLogGroups",
        actions=[
            "kms:Decrypt*",
            "kms:Describe*",
            "kms:Encrypt*",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        resources=["*"],
        services=[f"logs.{account.region}.amazonaws.com"],
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": account.arn("logs", "log-group:*"),
            }
        },
    )
