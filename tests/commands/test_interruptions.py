"""After any interruption, the next deployment converges and nothing exists twice."""

from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from commands.adoption import imports
from commands.adoption.table import ADOPTED, TOLD
from commands.shared import terraform
from local_aws import control
from local_aws.access.credentials import read_credentials
from local_aws.inventory import list_resources
from modules.settings import load_settings
from tests.commands.interrupted_resources import RESOURCES
from tests.commands.interrupted_stack import InterruptedStack
from tests.commands.lost_answers import LosingProxy
from tests.ports import free_port
from tests.synthesis import synthesise_foundation

pytestmark = [pytest.mark.terraform, pytest.mark.local_aws]

EDGE_REGION = "us-east-1"
REGIONS = ["eu-west-1", EDGE_REGION]
WAVES = 30
"""More kills than the stack has levels of resources that wait for each other."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Generator[LosingProxy]:
    """Return a proxy in front of an embedded AWS of its own."""
    folder = tmp_path_factory.mktemp("local-aws")
    server = control.start(port=free_port(), folder=folder)
    proxy = LosingProxy(server=server)
    with proxy.running():
        yield proxy
    control.stop(folder=folder)


def _variables(proxy: LosingProxy) -> dict[str, str]:
    return {
        "LOCAL_AWS_URL": f"http://127.0.0.1:{proxy.port}",
        "LOCAL_AWS_CREDENTIALS_FILE": str(proxy.server.credentials_file),
    }


@pytest.fixture
def stack(proxy: LosingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InterruptedStack:
    """Return an empty stack that calls AWS through the proxy."""
    variables = _variables(proxy)
    settings = load_settings(environment="local", variables=variables).settings
    stack = InterruptedStack(root=tmp_path, settings=settings)
    monkeypatch.setattr(terraform, "STACKS_FOLDER", stack.folder.parent)
    monkeypatch.setattr(imports, "ROOT", tmp_path)
    return stack


@pytest.fixture
def provider(proxy: LosingProxy, tmp_path: Path) -> object:
    """Return the platform's own configuration of the provider, with its aliased one."""
    document = synthesise_foundation(
        folder=tmp_path / "synthesis", variables=_variables(proxy)
    ).document
    (home,) = document["provider"]["aws"]
    return {"aws": [home, {**home, "alias": EDGE_REGION, "region": EDGE_REGION}]}


def _list_resources(proxy: LosingProxy) -> list[str]:
    own = read_credentials(proxy.server.credentials_file)
    return list_resources(url=proxy.server.url, credentials=own, regions=REGIONS)


def test_deployments_that_are_killed_after_every_creation_converge(
    stack: InterruptedStack, proxy: LosingProxy, provider: dict[str, object]
) -> None:
    assert ADOPTED.keys() | TOLD.keys() <= RESOURCES.keys()
    stack.write(RESOURCES, provider=provider)
    attempts = 1
    with proxy.killing(stack.kill):
        while not stack.deploy():
            attempts += 1
            assert attempts < WAVES, (stack.root / "terraform.log").read_text()[-8_000:]

    print(f"{attempts} attempts, {len(proxy.lost)} lost answers")
    deployed = _list_resources(proxy)
    kinds = Counter(line.rpartition(" ")[0] for line in deployed)
    several = {kind: count for kind, count in kinds.items() if count > 1}
    assert several == {
        "eu-west-1 ec2 describe_security_groups": 2,  # one is CloudFront's own
        "eu-west-1 ec2 describe_subnets": 2,  # as configured
        "eu-west-1 secretsmanager list_secrets": 2,  # one is the cluster's own
    }, [line for line in deployed if line.rpartition(" ")[0] in several]

    # The worst interruption loses the whole state.
    stack.forget_everything()
    assert not stack.deploy()  # what holds data is told, and imported as the message says
    assert stack.deploy()
    assert not stack.adopts
    assert stack.terraform("plan", "-detailed-exitcode", "-input=false") == 0
    assert _list_resources(proxy) == deployed


def test_a_rule_whose_answer_was_lost_is_adopted_by_the_next_deployment(
    stack: InterruptedStack, proxy: LosingProxy, provider: dict[str, object]
) -> None:
    """AWS's client sends the request again, and EC2 refuses it: rules have no client token."""
    kinds = ("aws_vpc", "aws_security_group", "aws_vpc_security_group_ingress_rule")
    stack.write({kind: RESOURCES[kind] for kind in kinds}, provider=provider)
    stack.terraform("apply", "-auto-approve", "-target=aws_security_group.it")
    proxy.lost.clear()
    proxy.wanted = {"AuthorizeSecurityGroupIngress"}

    assert not stack.deploy()
    assert "InvalidPermission.Duplicate" in (stack.root / "terraform.log").read_text()
    assert stack.deploy()
    assert stack.terraform("destroy", "-auto-approve") == 0
