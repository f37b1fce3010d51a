"""Plans of the real Terraform and the real provider are judged as AWS would act on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Review, ReviewedChange
from tests.review.changes.terraform_plans import Project

pytestmark = pytest.mark.terraform

Block = dict[str, Any]


def _policy(*actions: str) -> str:
    statement = {"Sid": "Own", "Effect": "Allow", "Action": actions, "Resource": "arn:aws:sqs:*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _trust() -> str:
    service = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": service}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _before() -> Block:
    return {
        "aws_rds_cluster": {
            "shop": {
                "cluster_identifier": "shop",
                "engine": "aurora-postgresql",
                "engine_version": "16.6",
                "master_username": "dbadmin",
                "manage_master_user_password": True,
                "storage_encrypted": True,
                "skip_final_snapshot": True,
            }
        },
        "aws_sqs_queue": {"orders": {"name": "orders"}},
        "aws_iam_role": {"api": {"name": "api", "assume_role_policy": _trust()}},
        "aws_iam_role_policy": {
            "api": {"role": "${aws_iam_role.api.id}", "policy": _policy("sqs:SendMessage")}
        },
        "aws_security_group": {"api": {"name": "api", "description": "The API"}},
        "aws_vpc_security_group_ingress_rule": {
            "api": {
                "security_group_id": "${aws_security_group.api.id}",
                "ip_protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "cidr_ipv4": "10.0.0.0/8",
            }
        },
        "aws_kms_key": {"data": {"deletion_window_in_days": 30}},
        "aws_cloudwatch_log_group": {"api": {"name": "/api", "retention_in_days": 365}},
    }


def _after() -> Block:
    after = _before()
    after["aws_rds_cluster"]["shop"]["cluster_identifier"] = "shop-new"
    after["aws_sqs_queue"]["orders"]["tags"] = {"Team": "shop"}
    after["aws_iam_role_policy"]["api"]["policy"] = _policy("sqs:SendMessage", "sqs:DeleteQueue")
    after["aws_vpc_security_group_ingress_rule"]["api"]["cidr_ipv4"] = "0.0.0.0/0"
    after["aws_cloudwatch_log_group"]["api"]["retention_in_days"] = 30
    after["aws_nat_gateway"] = {"a": {"subnet_id": "subnet-1", "allocation_id": "eipalloc-1"}}
    del after["aws_kms_key"]
    return after


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Review:
    project = Project(tmp_path_factory.mktemp("project"))
    project.deploy({"resource": _before()})
    document = project.plan({"resource": _after()})
    return review_stacks([StackInput(name="shop", document=document)], title="shop")


def _of(found: Review, address: str) -> ReviewedChange:
    (stack,) = found.stacks
    return next(each for each in stack.changes if address in each.addresses)


def test_a_replaced_cluster_is_dangerous_and_says_what_forces_it(found: Review) -> None:
    cluster = _of(found, "aws_rds_cluster.shop")
    assert found.verdict == "dangerous"
    assert (cluster.action, cluster.risk, cluster.level) == ("replace", "data loss", "danger")
    assert "cluster_identifier forces replacement" in cluster.why
    assert ("cluster_identifier", "shop", "shop-new") in {
        (each.path, each.before, each.after) for each in cluster.differences
    }


@pytest.mark.parametrize(
    ("address", "risk"),
    [
        ("aws_cloudwatch_log_group.api", "data loss"),
        ("aws_kms_key.data", "data loss"),
        ("aws_iam_role_policy.api", "exposure"),
        ("aws_vpc_security_group_ingress_rule.api", "exposure"),
    ],
)
def test_other_risks_need_care(found: Review, address: str, risk: str) -> None:
    change = _of(found, address)
    assert (change.risk, change.level) == (risk, "care")


def test_tags_and_costs_are_told_apart(found: Review) -> None:
    (stack,) = found.stacks
    assert stack.tags_only == ("aws_sqs_queue.orders",)
    assert _of(found, "aws_nat_gateway.a").risk == "cost"


def _data(**more: object) -> Block:
    return {"resource": {"terraform_data": {"a": {"input": "one", **more}}}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path, with_aws=False)
    project.deploy(_data())
    return project


def _review(document: Block) -> Review:
    return review_stacks([StackInput(name="", document=document)], title="plan")


def test_an_object_that_was_left_half_made_is_replaced_for_that_reason(project: Project) -> None:
    project.edit_state("terraform_data.a", status="tainted")
    (change,) = _review(project.plan(_data())).stacks[0].changes
    assert change.action == "replace"
    assert any("tainted" in why for why in change.why)


def test_an_old_object_that_waits_for_its_end_is_shown(project: Project) -> None:
    project.add_deposed("terraform_data.a")
    (change,) = _review(project.plan(_data())).stacks[0].changes
    assert (change.action, change.deposed, change.risk) == ("delete", True, "forgotten")


def test_a_forgotten_object_is_shown(project: Project) -> None:
    removed = {"removed": [{"from": "terraform_data.a", "lifecycle": {"destroy": False}}]}
    (change,) = _review(project.plan(removed)).stacks[0].changes
    assert (change.action, change.risk) == ("forget", "forgotten")


def test_a_moved_object_is_a_change(project: Project) -> None:
    moved = {
        "resource": {"terraform_data": {"b": {"input": "one"}}},
        "moved": [{"from": "terraform_data.a", "to": "terraform_data.b"}],
    }
    found = _review(project.plan(moved))
    (change,) = found.stacks[0].changes
    assert (change.action, change.why) == ("move", ("it was terraform_data.a",))
    assert found.sentence == "1 moved"


def test_a_plan_of_one_target_deserves_less_trust(project: Project) -> None:
    found = _review(project.plan(_data(input="two"), "-target=terraform_data.a"))
    assert any("not complete" in line for line in found.stacks[0].trust)


def test_a_check_that_fails_is_carried_along(project: Project) -> None:
    check = {
        "check": {
            "health": {
                "assert": [
                    {
                        "condition": '${terraform_data.a.input == "two"}',
                        "error_message": "The shop does not answer.",
                    }
                ]
            }
        }
    }
    found = _review(project.plan(_data() | check))
    assert any("The shop does not answer." in line for line in found.stacks[0].trust)


def test_a_protection_that_refuses_shows_what_would_have_been_replaced(project: Project) -> None:
    protected = _data(triggers_replace="x", lifecycle={"prevent_destroy": True})
    found = _review(project.plan(protected))
    (change,) = found.stacks[0].changes
    assert change.action == "replace"
    assert found.verdict == "cannot judge"


def test_counts_and_their_end_are_explained(project: Project) -> None:
    project.deploy(_data(count=3))
    found = _review(project.plan(_data(count=1)))
    (change,) = found.stacks[0].changes
    assert change.addresses == ("terraform_data.a[1]", "terraform_data.a[2]")
    assert change.why == ("count is lower now",)
