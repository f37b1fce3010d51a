"""Operations that moto lacks."""

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.local_aws


def test_a_missing_operation_is_reported_and_not_retried(ec2: EC2Client, kms: KMSClient) -> None:
    with pytest.raises(ClientError, match="describe_custom_key_stores") as of_json:
        kms.describe_custom_key_stores()
    with pytest.raises(ClientError, match="describe_local_gateways") as of_xml:
        ec2.describe_local_gateways()

    for failure in (of_json, of_xml):
        answer = failure.value.response
        assert answer.get("Error", {}).get("Code") == "NotImplementedException"
        metadata = answer.get("ResponseMetadata", {})
        assert (metadata.get("HTTPStatusCode"), metadata.get("RetryAttempts")) == (501, 0)
