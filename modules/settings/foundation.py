"""Settings of keys, log archive and image repository."""

from typing import Annotated

from pydantic import Field

from modules.settings.section import Section
from review.limits import kms, s3


class KeySettings(Section):
    """Customer-managed KMS keys."""

    rotation_days: Annotated[int, Field(ge=90, le=2560)] = 365
    """Days between rotations, 90 to 2560 (KMS API Reference, EnableKeyRotation)."""

    deletion_window_days: Annotated[
        int, Field(ge=kms.DELETION_DAYS[0], le=kms.DELETION_DAYS[1])
    ] = 30
    """Days that a deleted key can still be restored, 7 to 30 (KMS API Reference,
    ScheduleKeyDeletion)."""


class LogArchiveSettings(Section):
    """The S3 bucket of load balancer and CloudFront logs, and how long it keeps them."""

    infrequent_access_days: Annotated[int, Field(ge=s3.INFREQUENT_ACCESS_DAYS)] = 30
    """Days until objects move to STANDARD_IA, at least 30 (S3 User Guide, Lifecycle transition
    constraints)."""

    glacier_days: Annotated[int, Field(ge=60)] = 60
    """Days until objects move to GLACIER, at least 30 more than infrequent_access_days (S3 User
    Guide, Transitioning objects)."""

    expiration_days: Annotated[int, Field(ge=61)] = 90
    """Days until an object is deleted; more than glacier_days. GLACIER bills an object for 90 days
    at least, so a number below glacier_days + 90 costs more than no GLACIER, and a guardrail warns
    (Amazon S3 pricing)."""

    noncurrent_expiration_days: Annotated[int, Field(ge=1)] = 30
    """Days until an overwritten or deleted version is removed for good."""

    abort_incomplete_upload_days: Annotated[int, Field(ge=1)] = 7
    """Days until the parts of an unfinished upload are removed."""

    force_destroy: bool = False
    """Whether destroying the stack deletes a bucket that still holds logs."""


class RegistrySettings(Section):
    """The ECR repository."""

    keep_images: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Number of newest tagged images to keep. ECR does not know which images functions still run,
    so keep enough. A repository may have 10,000 images (ECR User Guide, Service quotas)."""

    untagged_days: Annotated[int, Field(ge=1)] = 1
    """Days until an image without a tag is removed."""

    force_delete: bool = False
    """Whether destroying the stack deletes a repository that still holds images."""
