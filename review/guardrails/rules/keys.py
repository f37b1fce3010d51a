"""KMS keys and who may use them."""

from collections.abc import Callable, Iterable, Iterator

from review.guardrails.rule import rule
from review.limits import kms
from review.terraform import Configuration, Resource, Unknown
from review.terraform.policies import Statement, read_statements

GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide"
KEY = "aws_kms_key"

Admits = Callable[[Statement], bool]


def keys_of(resource: Resource, name: str, everything: Configuration) -> list[Resource]:
    """Return the keys that an argument names, also through an alias.

    Raises:
        NotEvaluableError: It names a key that is not visible.
    """
    named = everything.linked(resource, name, KEY, "aws_kms_alias")
    found = [each for each in named if each.type == KEY]
    for alias in named:
        if alias.type != KEY:
            found += everything.linked(alias, "target_key_id", KEY)
    return found


def missing_actions(
    key: Resource, actions: Iterable[str], everything: Configuration, *, admits: Admits
) -> list[str]:
    """Return the actions that no statement of a key's policy allows those whom `admits` tells."""
    sources = (
        [key] if key.is_set("policy") else everything.users(key, "aws_kms_key_policy", "key_id")
    )
    statements = [
        one
        for source in sources
        for one in read_statements(source, "policy", everything)
        if one.allows and admits(one)
    ]
    return [each for each in actions if not any(one.covers(each) for one in statements)]


@rule(
    "keys-locked-out",
    KEY,
    "aws_kms_key_policy",
    title="A key's policy lets somebody of the account change it",
    aws="CreateKey answers MalformedPolicyDocumentException, or nobody can ever manage the key "
    "again.",
    fix="Allow the account's root kms:*, which leaves the rest to IAM.",
    source=f"{GUIDE}/key-policy-default.html",
    applies=lambda key, _all: key.is_set("policy"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def locked_out(key: Resource, everything: Configuration) -> Iterator[str]:
    """Look for a statement that allows a principal of the account to change the policy."""
    if not any(
        one.allows and one.covers("kms:PutKeyPolicy") and _is_person(one)
        for one in read_statements(key, "policy", everything)
    ):
        yield "Nobody may change its policy."


def _is_person(statement: Statement) -> bool:
    """Return whether a statement is for principals of an account."""
    return bool(statement.principals.get("AWS")) or "*" in statement.principals


@rule(
    "keys-everybody",
    KEY,
    "aws_kms_key_policy",
    title="A key's policy admits nobody outside without a condition",
    aws="Any AWS account may use the key.",
    fix="Name the account, or add a condition such as kms:CallerAccount.",
    source=f"{GUIDE}/key-policy-overview.html",
    applies=lambda key, _all: key.is_set("policy"),
)
def everybody(key: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements that allow everybody."""
    for one in read_statements(key, "policy", everything):
        if (
            one.allows
            and not one.conditions
            and "*"
            in (
                *one.principals.get("AWS", ()),
                *one.principals.get("*", ()),
            )
        ):
            yield "It admits every account."


@rule(
    "keys-principal",
    KEY,
    "aws_kms_key_policy",
    title="Every statement of a key's policy has a principal",
    aws="CreateKey answers MalformedPolicyDocumentException.",
    fix="Add Principal.",
    source=f"{GUIDE}/key-policy-overview.html",
    applies=lambda key, _all: key.is_set("policy"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def principal(key: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements without one."""
    for one in read_statements(key, "policy", everything):
        if not one.principals:
            yield "A statement has none."


@rule(
    "keys-rotation",
    KEY,
    title="A symmetric key is rotated",
    aws="One key encrypts all data for years; audits ask for rotation.",
    fix="Set enable_key_rotation = true.",
    source=f"{GUIDE}/rotate-keys.html",
    severity="warning",
    applies=lambda key, _all: (
        key.text("customer_master_key_spec") in {"", "SYMMETRIC_DEFAULT"}
        and key.text("key_usage") in {"", "ENCRYPT_DECRYPT"}
    ),
)
def rotation(key: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if not key.flag("enable_key_rotation"):
        yield "It is not rotated."


@rule(
    "keys-deletion-window",
    KEY,
    title="A key is deleted 7 to 30 days after it is destroyed",
    aws="ScheduleKeyDeletion answers ValidationException.",
    fix="Set deletion_window_in_days to 7 to 30.",
    source=f"{GUIDE}/deleting-keys.html",
    applies=lambda key, _all: key.is_set("deletion_window_in_days"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def deletion_window(key: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    days = key.number("deletion_window_in_days")
    if days is not None and not kms.DELETION_DAYS[0] <= days <= kms.DELETION_DAYS[1]:
        yield f"It waits {days:g} days."


@rule(
    "keys-alias-name",
    "aws_kms_alias",
    title="The name of an alias begins with alias/ and not with alias/aws/",
    aws="CreateAlias answers InvalidAliasNameException.",
    fix="Name it alias/NAME.",
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    applies=lambda alias, _all: alias.is_set("name"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def alias_name(alias: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the beginning."""
    value = alias.get("name")
    text = value.text if isinstance(value, Unknown) and value.text else alias.text("name")
    if not text.startswith((kms.ALIAS_PREFIX, "${")) or text.startswith(kms.RESERVED_ALIASES):
        yield f"It is named {text}."
