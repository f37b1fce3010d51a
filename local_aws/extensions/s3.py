"""S3; gaps of moto 5.2.5.

- A bucket gets a name that AWS reserves, or that it refuses.
- A lifecycle moves objects too early, in the wrong order, or after they expire.
- A bucket whose owner owns all objects, as new ones do, gets an ACL.
- A bucket that blocks public policies gets one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.s3.exceptions import InvalidBucketName, S3AccessDeniedError, S3ClientError
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

from local_aws.graft import graft
from local_aws.refusals.refusal import as_items, as_mapping
from review.limits import s3

_create_bucket = S3Backend.create_bucket
_put_bucket_lifecycle = S3Backend.put_bucket_lifecycle_configuration
_put_bucket_policy = S3Backend.put_bucket_policy
_put_bucket = S3Response._bucket_response_put  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

_ENFORCED = "BucketOwnerEnforced"


class _InvalidLifecycleError(S3ClientError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidArgument", message)


class _NoAclsError(S3ClientError):
    def __init__(self) -> None:
        super().__init__("AccessControlListNotSupported", "The bucket does not allow ACLs")


@graft
class _Backend(S3Backend):
    def create_bucket(
        self, bucket_name: str, region_name: str, bucket_namespace: str | None = None
    ) -> FakeBucket:
        is_reserved = bucket_name.startswith(s3.RESERVED_PREFIXES) or bucket_name.endswith(
            s3.RESERVED_SUFFIXES
        )
        if is_reserved or not re.fullmatch(s3.NAME_PATTERN, bucket_name) or ".." in bucket_name:
            raise InvalidBucketName
        return _create_bucket(self, bucket_name, region_name, bucket_namespace)

    def put_bucket_lifecycle_configuration(
        self, bucket_name: str, rules: list[dict[str, Any]]
    ) -> None:
        for rule in rules:
            for problem in _problems(rule):
                raise _InvalidLifecycleError(problem)
        _put_bucket_lifecycle(self, bucket_name, rules)

    def put_bucket_policy(self, bucket_name: str, policy: bytes) -> None:
        block = self.get_bucket(bucket_name).public_access_block
        if block and block.block_public_policy and _is_public(policy):
            raise S3AccessDeniedError
        _put_bucket_policy(self, bucket_name, policy)


@graft
class _Response(S3Response):
    def _bucket_response_put(
        self,
        request: Any,  # noqa: ANN401  # as in moto
        bucket_name: str,
        querystring: dict[str, Any],
    ) -> str | TYPE_RESPONSE:
        # A new bucket may name an ACL in CreateBucket.
        if "acl" in querystring and _ownership(self.backend.get_bucket(bucket_name)) == _ENFORCED:
            raise _NoAclsError
        return _put_bucket(self, request, bucket_name, querystring)


def _problems(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a rule of a lifecycle, for objects and for older versions."""
    for kind, days in (("", "Days"), ("NoncurrentVersion", "NoncurrentDays")):
        steps: dict[str, int] = {
            step["StorageClass"]: int(step[days])
            for step in as_items(rule.get(f"{kind}Transition"))
            if days in step
        }
        for storage, after in steps.items():
            if storage in s3.INFREQUENT_ACCESS and after < s3.INFREQUENT_ACCESS_DAYS:
                yield (
                    f"'{days}' in Transition action must be greater than or equal to "
                    f"{s3.INFREQUENT_ACCESS_DAYS} for storageClass '{storage}'"
                )
        in_order = [steps[storage] for storage in s3.STORAGE_ORDER if storage in steps]
        if in_order != sorted(set(in_order)):
            yield f"'{days}' must grow from each transition to the next colder storage class"
        end: str | None = as_mapping(rule.get(f"{kind}Expiration")).get(days)
        if end and steps and int(end) <= max(steps.values()):
            yield f"'{days}' in the Expiration action must be greater than in Transition actions"


def _ownership(bucket: FakeBucket) -> str:
    """Return who owns the objects of a bucket; without controls the bucket's owner does."""
    # moto keeps the text, whatever the annotation says.
    return str(bucket.ownership_rule or _ENFORCED)


def _is_public(policy: bytes) -> bool:
    statements = as_items(as_mapping(json.loads(policy)).get("Statement"))
    return any(
        each.get("Effect") == "Allow"
        and each.get("Principal") in ("*", {"AWS": "*"})
        and not each.get("Condition")
        for each in statements
    )
