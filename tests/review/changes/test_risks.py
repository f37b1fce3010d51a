"""What is at risk, and how much it asks of the reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from review.changes.model import Review
from review.changes.prices import Prices, read_prices
from review.errors import ReviewError
from tests.review.changes.plans import Block, change, only, review, sentences

CLUSTER = {"cluster_identifier": "shop", "skip_final_snapshot": False,
           "final_snapshot_identifier": "shop-final", "deletion_protection": False}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "level", "word"),
    [
        (CLUSTER, "care", "shop-final"),
        (CLUSTER | {"skip_final_snapshot": True}, "danger", "Nothing remains"),
        (CLUSTER | {"deletion_protection": True}, "danger", "AWS refuses"),
    ],
)
@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")])
def test_the_end_of_a_cluster_is_judged_by_its_values(
    actions: tuple[str, ...], values: Block, level: str, word: str
) -> None:
    after = values if "create" in actions else None
    found = only(review(change("aws_rds_cluster.a", *actions, before=values, after=after)))
    assert (found.risk, found.level) == ("data loss", level)
    assert word in found.findings[0].sentence


@pytest.mark.parametrize(
    ("address", "values", "level"),
    [
        ("aws_s3_bucket.a", {"force_destroy": True}, "danger"),
        ("aws_s3_bucket.a", {"force_destroy": False}, "care"),
        ("aws_kms_key.a", {"deletion_window_in_days": 7}, "care"),
        ("aws_secretsmanager_secret.a", {"recovery_window_in_days": 0}, "danger"),
        ("aws_cloudwatch_log_group.a", {"skip_destroy": True}, "care"),
        ("aws_cloudwatch_log_group.a", {"skip_destroy": False}, "danger"),
        ("aws_cognito_user_pool.a", {"deletion_protection": "ACTIVE"}, "danger"),
    ],
)
def test_the_end_of_what_holds_data_is_judged_by_its_values(
    address: str, values: Block, level: str
) -> None:
    found = only(review(change(address, "delete", before=values)))
    assert (found.risk, found.level) == ("data loss", level)


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("aws_rds_cluster.a", {"deletion_protection": True}, {"deletion_protection": False}),
        ("aws_rds_cluster.a", {"skip_final_snapshot": False}, {"skip_final_snapshot": True}),
        ("aws_rds_cluster.a", {"backup_retention_period": 35}, {"backup_retention_period": 7}),
        ("aws_s3_bucket.a", {"force_destroy": False}, {"force_destroy": True}),
        ("aws_cloudwatch_log_group.a", {"retention_in_days": 0}, {"retention_in_days": 30}),
        ("aws_s3_bucket_versioning.a", {"versioning_configuration": [{"status": "Enabled"}]},
         {"versioning_configuration": [{"status": "Suspended"}]}),
    ],
)  # fmt: skip
def test_a_protection_that_goes_needs_care_and_one_that_comes_does_not(
    address: str, before: Block, after: Block
) -> None:
    weaker = only(review(change(address, "update", before=before, after=after)))
    assert (weaker.risk, weaker.level) == ("data loss", "care")
    stronger = review(change(address, "update", before=after, after=before))
    assert stronger.verdict == "safe"


def test_an_interruption_depends_on_the_order_and_the_kind() -> None:
    gap = only(review(change("aws_lb_target_group.a", "delete", "create", before={}, after={})))
    assert (gap.risk, gap.level) == ("outage", "care")
    without = only(review(change("aws_lb_target_group.a", "create", "delete", before={"a": 1},
                                 after={})))  # fmt: skip
    assert without.level == "note"
    moved = only(review(change("aws_lb.a", "create", "delete", before={"a": 1}, after={})))
    assert moved.level == "care"
    assert "another address" in moved.findings[0].sentence


def test_what_is_not_known_is_never_safe_to_destroy() -> None:
    found = review(change("acme_thing.a", "delete", before={"a": 1}))
    assert found.verdict == "needs care"
    assert "Nothing is known" in found.sentence
    assert review(change("null_resource.a", "delete", before={"a": 1})).verdict == "safe"


def test_a_larger_instance_may_restart_the_database() -> None:
    before, after = {"instance_class": "db.r6g.large"}, {"instance_class": "db.r6g.xlarge"}
    found = review(change("aws_rds_cluster_instance.a", "update", before=before, after=after))
    assert sentences(found, "outage") == [
        "instance_class may restart the database, at once or in its maintenance window."
    ]
    assert sentences(found, "cost")


def _ingress(cidr: str, port: int) -> Block:
    return {"cidr_ipv4": cidr, "ip_protocol": "tcp", "from_port": port, "to_port": port}


RULE = "aws_vpc_security_group_ingress_rule.a"


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (_ingress("10.0.0.0/8", 22), _ingress("0.0.0.0/0", 22), "dangerous"),
        (_ingress("10.0.0.0/8", 443), _ingress("0.0.0.0/0", 443), "needs care"),
        (_ingress("10.0.0.0/8", 443), _ingress("10.1.0.0/16", 443), "needs care"),
        (_ingress("0.0.0.0/0", 443), _ingress("10.0.0.0/8", 443), "safe"),
        (None, _ingress("0.0.0.0/0", 5432), "dangerous"),
        (None, _ingress("10.0.0.0/8", 5432), "safe"),
    ],
)
def test_a_network_that_opens_is_compared_with_before(
    before: Block | None, after: Block, verdict: str
) -> None:
    action = "update" if before else "create"
    assert review(change(RULE, action, before=before, after=after)).verdict == verdict


def _policy(**changes: Any) -> Block:  # noqa: ANN401  # any JSON
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
    return {"policy": json.dumps({"Statement": [statement | changes]})}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (_policy(), _policy(Action=["s3:GetObject", "s3:PutObject"]), "needs care"),
        (_policy(Action="s3:*"), _policy(), "safe"),
        (_policy(), _policy(Action="*", Resource="*"), "dangerous"),
        (_policy(), _policy(Effect="Deny", Action="s3:PutObject"), "safe"),
        (None, _policy(), "safe"),
        (None, _policy(Action="*", Resource="*"), "dangerous"),
    ],
)
def test_permissions_are_compared_with_before(
    before: Block | None, after: Block, verdict: str
) -> None:
    action = "update" if before else "create"
    found = review(change("aws_iam_role_policy.a", action, before=before, after=after))
    assert found.verdict == verdict


def test_a_bucket_for_everybody_is_dangerous_unless_a_condition_narrows_it() -> None:
    address = "aws_s3_bucket_policy.a"
    everybody = review(change(address, "create", after=_policy(Principal="*")))
    assert everybody.verdict == "dangerous"
    condition = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    narrowed = _policy(Principal="*", Condition=condition)
    assert review(change(address, "create", after=narrowed)).verdict == "safe"


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("aws_db_instance.a", {"publicly_accessible": False}, {"publicly_accessible": True}),
        ("aws_db_proxy.a", {"require_tls": True}, {"require_tls": False}),
        ("aws_sns_topic.a", {"kms_master_key_id": "alias/a"}, {"kms_master_key_id": None}),
        ("aws_api_gateway_stage.a", {"access_log_settings": [{"destination_arn": "a"}]},
         {"access_log_settings": []}),
        ("aws_rds_cluster.a", {"enabled_cloudwatch_logs_exports": ["postgresql"]},
         {"enabled_cloudwatch_logs_exports": []}),
        ("aws_api_gateway_method.a", {"authorization": "AWS_IAM"}, {"authorization": "NONE"}),
    ],
)  # fmt: skip
def test_what_guards_is_missed_when_it_goes(address: str, before: Block, after: Block) -> None:
    weaker = review(change(address, "update", before=before, after=after))
    assert sentences(weaker, "exposure")
    assert not sentences(review(change(address, "update", before=after, after=before)), "exposure")


def test_flow_logs_that_go_record_less() -> None:
    found = review(change("aws_flow_log.a", "delete", before={"id": "fl-1"}))
    assert sentences(found, "exposure") == ["Without it, AWS records less."]


def test_costs_have_units_and_amounts_only_from_the_users_prices() -> None:
    made = change("aws_nat_gateway.a", "create", after={"subnet_id": "a"})
    gone = change("aws_vpc_endpoint.a", "delete",
                  before={"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]})  # fmt: skip
    plain = [each for each in review(made, gone).findings if each.risk == "cost"]
    assert {each.unit: each.monthly for each in plain} == {
        "per hour, and per GB that passes": None,
        "per hour and zone, and per GB that passes": None,
    }
    prices = Prices(currency="EUR", amounts={"aws_nat_gateway": 0.05, "aws_vpc_endpoint": 0.01})
    priced = [each for each in review(made, gone, prices=prices).findings if each.risk == "cost"]
    assert sorted(each.monthly or 0 for each in priced) == pytest.approx([-14.6, 36.5])


def test_a_gateway_endpoint_costs_nothing() -> None:
    found = review(change("aws_vpc_endpoint.a", "create", after={"vpc_endpoint_type": "Gateway"}))
    assert not sentences(found, "cost")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices:\n  aws_nat_gateway: much\n", "no amount"),
        ("prices:\n  aws_iam_role: 1\n", "aws_iam_role"),
        ("- 1\n", "mapping"),
    ],
)
def test_a_price_table_is_checked(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    with pytest.raises(ReviewError, match=said):
        read_prices(file)


def test_forgotten_objects_are_named_with_what_they_hold() -> None:
    found = review(change("aws_s3_bucket.a", "forget", before={"bucket": "a"}))
    assert found.verdict == "needs care"
    assert "its objects" in found.sentence


def _levels(found: Review) -> dict[str, str]:
    return {each.risk: each.level for each in found.findings}


def test_a_kubernetes_cluster_that_is_replaced_loses_its_objects() -> None:
    values = {"name": "apps", "vpc_config": [{"endpoint_public_access": False}]}
    found = review(change("aws_eks_cluster.a", "delete", "create", before=values, after=values))
    assert _levels(found) == {"data loss": "danger", "outage": "care"}


@pytest.mark.parametrize(
    ("vpc", "level"),
    [({"endpoint_public_access": True}, "care"), ({"endpoint_public_access": False}, None)],
)
def test_a_new_public_endpoint_of_kubernetes_needs_care(vpc: Block, level: str | None) -> None:
    found = review(change("aws_eks_cluster.a", "create", after={"vpc_config": [vpc]}))
    assert _levels(found).get("exposure") == level


def test_a_password_that_terraform_makes_anew_is_missed() -> None:
    found = review(change("random_password.a", "delete", "create", before={}, after={}))
    assert _levels(found) == {"outage": "care"}


def test_what_is_empty_before_and_after_is_left_out() -> None:
    before: Block = {"name": "a", "description": "", "labels": {}, "ids": [], "rule": None}
    after: Block = {"name": "b", "description": None, "labels": None, "ids": None, "rule": ""}
    (shown,) = only(review(change("aws_x.a", "update", before=before, after=after))).differences
    assert shown.path == "name"


def test_a_block_is_not_named_beside_the_argument_in_it_that_forces_a_replacement() -> None:
    found = only(
        review(
            change(
                "aws_x.a", "delete", "create",
                before={"access": [{"key": "a"}]}, after={"access": [{"key": "b"}]},
                replace_paths=[["access"], ["access", 0, "key"]],
            )
        )
    )  # fmt: skip
    assert "access.0.key forces replacement" in found.why
