"""Keys: their rotation and their managers."""

import pytest
from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.local_aws


def test_a_key_keeps_its_rotation_period(kms: KMSClient) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)

    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365


def test_the_key_of_a_service_is_managed_by_aws(kms: KMSClient) -> None:
    key = kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]
    assert key.get("KeyManager") == "AWS"
    assert kms.create_key()["KeyMetadata"].get("KeyManager") == "CUSTOMER"
