"""The repository of the API's container images."""

import json

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

from modules.settings import RegistrySettings
from modules.shared.account import Account
from modules.shared.iam import Statement, policy_document
from modules.shared.image_functions import name_all_functions
from modules.shared.service_principals import LAMBDA


class ImageRepository(Construct):
    """An encrypted ECR repository with immutable tags, scans on push and a lifecycle policy.

    Its policy lets Lambda pull images for every function that runs one. For a function that the
    policy leaves out, Lambda refuses the function or adds a statement itself, which Terraform would
    remove again (Lambda Developer Guide, Amazon ECR permissions).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        key_arn: str,
        settings: RegistrySettings,
    ) -> None:
        super().__init__(scope, id_)
        repository = EcrRepository(
            self,
            "repository",
            name=f"{name}-api",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[
                EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)
            ],
            force_delete=settings.force_delete,
            tags={"Name": f"{name}-api"},
        )
        self.name = repository.name
        self.arn = repository.arn
        self.url = repository.repository_url
        EcrLifecyclePolicy(
            self, "lifecycle", repository=self.name, policy=_lifecycle_policy(settings)
        )
        EcrRepositoryPolicy(
            self,
            "policy",
            repository=self.name,
            policy=policy_document(
                Statement(
                    sid="LambdaPull",
                    services=[LAMBDA],
                    actions=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    conditions={
                        "ArnLike": {
                            "aws:SourceArn": [
                                account.arn("lambda", f"function:{function}{versions}")
                                for function in name_all_functions(prefix=name)
                                for versions in ("", ":*")
                            ],
                        }
                    },
                )
            ),
        )


def _lifecycle_policy(settings: RegistrySettings) -> str:
    """Return the lifecycle rules as JSON (ECR User Guide, Lifecycle policy properties)."""
    rules = [
        {
            "rulePriority": 1,
            "description": f"Untagged images go after {settings.untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": settings.untagged_days,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"The newest {settings.keep_images} images stay",
            "selection": {
                "tagStatus": "tagged",
                "tagPatternList": ["*"],
                "countType": "imageCountMoreThan",
                "countNumber": settings.keep_images,
            },
            "action": {"type": "expire"},
        },
    ]
    return json.dumps({"rules": rules})
