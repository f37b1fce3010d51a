"""KMS; gaps of moto 5.2.5.

- The rotation period of a key is not kept.
- A service's own key, such as `alias/aws/rds`, seems to be a customer's.
"""

import json
from typing import cast

from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.graft import graft

_DEFAULT_DAYS = 365

_enable = KmsResponse.enable_key_rotation
_generate = KmsBackend._generate_default_keys  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
_status = KmsResponse.get_key_rotation_status


@graft
class _Key(Key):
    rotation_period_in_days: int = _DEFAULT_DAYS


@graft
class _Backend(KmsBackend):
    def _generate_default_keys(self, alias_name: str) -> str | None:
        key_id = _generate(self, alias_name)
        if key_id is not None:
            self.keys[key_id].key_manager = "AWS"
        return key_id


@graft
class _Response(KmsResponse):
    def _key(self) -> _Key:
        return cast("_Key", self.kms_backend.describe_key(self._get_param("KeyId")))

    def enable_key_rotation(self) -> str:
        answer = _enable(self)
        days = self._get_param("RotationPeriodInDays") or _DEFAULT_DAYS
        self._key().rotation_period_in_days = days
        return answer

    def get_key_rotation_status(self) -> str:
        answer = json.loads(_status(self))
        key = self._key()
        answer["KeyId"] = key.arn
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = key.rotation_period_in_days
        return json.dumps(answer)
