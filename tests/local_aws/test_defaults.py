"""The embedded AWS started by hand and by a deployment is the same one."""

from local_aws.address import DEFAULT_PORT
from local_aws.control import DEFAULT_FOLDER
from modules.settings import LocalAwsSettings
from modules.toolchain import LOCAL_AWS_FOLDER, ROOT


def test_a_deployment_looks_for_the_server_where_it_starts_by_default() -> None:
    assert LocalAwsSettings().port == DEFAULT_PORT
    assert ROOT / DEFAULT_FOLDER == LOCAL_AWS_FOLDER
