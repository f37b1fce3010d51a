"""S3 buckets, their policies and lifecycles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from review.guardrails.rule import rule
from review.limits import elbv2, s3
from review.terraform import Block, Configuration, Resource, Unknown
from review.terraform.policies import Statement, read_statements

GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
BUCKET = "aws_s3_bucket"
ENFORCED = "BucketOwnerEnforced"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
ACCESS = "aws_s3_bucket_public_access_block"


def days_of(block: Block) -> float | None:
    """Return after how many days a transition or an expiration happens; nothing for a date."""
    name = "noncurrent_days" if ".noncurrent_version_" in block.place else "days"
    return block.number(name)


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a rule of a lifecycle does with objects, or with versions that are not current."""

    moves: list[Block]
    expirations: list[Block]


def courses(lifecycle: Resource) -> list[Course]:
    """Return what the rules of a lifecycle do."""
    return [
        Course(moves=each.blocks(f"{kind}transition"), expirations=each.blocks(f"{kind}expiration"))
        for each in lifecycle.blocks("rule")
        for kind in ("", "noncurrent_version_")
    ]


def end_of(course: Course) -> float | None:
    """Return after how many days objects expire; nothing if they stay."""
    return next((days for each in course.expirations if (days := days_of(each))), None)


@rule(
    "storage-transition-order",
    LIFECYCLE,
    title="Objects move to colder classes, later ones after earlier ones",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Order the transitions by days and by class.",
    source=f"{GUIDE}/lifecycle-transition-general-considerations.html",
    applies=lambda lifecycle, _all: any(each.moves for each in courses(lifecycle)),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def transition_order(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the days with the order of the classes."""
    for course in courses(lifecycle):
        by_class = sorted(_ordered(course), key=lambda move: move.place)
        for earlier, later in pairwise(by_class):
            if later.days <= earlier.days:
                yield f"{later.storage} after {later.days:g} days comes too early."


@dataclass(frozen=True, kw_only=True)
class _Move:
    """A transition after some days."""

    storage: str
    days: float

    @property
    def place(self) -> int:
        return s3.STORAGE_ORDER.index(self.storage)


def _ordered(course: Course) -> list[_Move]:
    """Return the moves after days, to classes that are known."""
    return [
        _Move(storage=step.text("storage_class"), days=days)
        for step in course.moves
        if step.text("storage_class") in s3.STORAGE_ORDER and (days := days_of(step)) is not None
    ]


@rule(
    "storage-transition-days",
    LIFECYCLE,
    title="Objects move to infrequent access after 30 days or more",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Set days to 30 or more.",
    source=f"{GUIDE}/lifecycle-transition-general-considerations.html",
    applies=lambda lifecycle, _all: any(
        move.storage in s3.INFREQUENT_ACCESS
        for course in courses(lifecycle)
        for move in _ordered(course)
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def transition_days(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the least number."""
    for course in courses(lifecycle):
        for move in _ordered(course):
            if move.storage in s3.INFREQUENT_ACCESS and move.days < s3.INFREQUENT_ACCESS_DAYS:
                yield f"They move to {move.storage} after {move.days:g} days."


@rule(
    "storage-expiration-order",
    LIFECYCLE,
    title="Objects expire after their last move",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Let them expire later, or leave out the transition.",
    source=f"{GUIDE}/lifecycle-expire-general-considerations.html",
    applies=lambda lifecycle, _all: any(
        each.moves and each.expirations for each in courses(lifecycle)
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def expiration_order(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the expiration with the latest transition."""
    for course in courses(lifecycle):
        end, moves = end_of(course), _ordered(course)
        last = max((move.days for move in moves), default=0)
        if end and moves and end <= last:
            yield f"They expire after {end:g} days and move after {last:g}."


@rule(
    "storage-early-expiration",
    LIFECYCLE,
    title="Objects stay in a storage class for the time that it bills at least",
    aws="S3 bills the whole minimum of the class, and for each move, so that the move costs more "
    "than it saves.",
    fix="Let them expire later, or leave out the transition.",
    source=f"{GUIDE}/lifecycle-transition-general-considerations.html",
    severity="warning",
    applies=lambda lifecycle, _all: any(
        each.moves and each.expirations for each in courses(lifecycle)
    ),
)
def early_expiration(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the time between a move and the next, or the end, with the minimum of the class."""
    for course in courses(lifecycle):
        moves = sorted(_ordered(course), key=lambda move: move.days)
        ends = [move.days for move in moves[1:]] + [end_of(course)]
        for move, end in zip(moves, ends, strict=False):
            least = s3.MINIMUM_DAYS.get(move.storage, 0)
            if end is not None and move.days < end < move.days + least:
                yield f"They stay in {move.storage} for {end - move.days:g} days of {least}."


@rule(
    "storage-lifecycle-filter",
    LIFECYCLE,
    title="A rule of a lifecycle has a filter",
    aws="A rule without filter or prefix is refused (MalformedXML), and a coming provider demands "
    "it.",
    fix="Add an empty filter for all objects.",
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
    "s3_bucket_lifecycle_configuration",
    severity="warning",
)
def lifecycle_filter(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Look for filter or prefix."""
    for each in lifecycle.blocks("rule"):
        if not each.blocks("filter") and not each.is_set("prefix"):
            yield f"{each.place} has none."


@rule(
    "storage-two-policies",
    "aws_s3_bucket_policy",
    LIFECYCLE,
    ACCESS,
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_server_side_encryption_configuration",
    title="A bucket has one policy, one lifecycle and one of each other setting",
    aws="S3 keeps the last one that is written; each plan wants to change it back.",
    fix="Join them into one resource.",
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
    "s3_bucket_policy",
)
def two_policies(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the resources after it."""
    own = {link.resource for link in everything.links(resource, "bucket")}
    same = everything.of(resource.type)
    for other in same[same.index(resource) + 1 :]:
        theirs = {link.resource for link in everything.links(other, "bucket")}
        name = resource.get("bucket")
        if own & theirs or (isinstance(name, str) and name == other.get("bucket")):
            yield f"{other.address} is for the same bucket."


@rule(
    "storage-balancer-encryption",
    BUCKET,
    title="The bucket of a balancer's access logs is encrypted with S3's keys",
    aws="ModifyLoadBalancerAttributes is accepted, and no log ever arrives: balancers cannot use "
    "KMS. Some checkers demand KMS here, wrongly.",
    fix="Set sse_algorithm = AES256.",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "enable-access-logging.html",
    applies=lambda bucket, everything: bool(balancers(bucket, everything)),
)
def balancer_encryption(bucket: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the encryption of the bucket."""
    type_ = "aws_s3_bucket_server_side_encryption_configuration"
    inline = bucket.blocks("server_side_encryption_configuration")
    for encryption in [*everything.users(bucket, type_, "bucket"), *inline]:
        for each in encryption.blocks("rule"):
            for default in each.blocks("apply_server_side_encryption_by_default"):
                if default.text("sse_algorithm").startswith("aws:kms"):
                    yield f"{encryption.place} encrypts with {default.text('sse_algorithm')}."


def balancers(bucket: Resource, everything: Configuration) -> list[Resource]:
    """Return the load balancers whose access logs go to a bucket."""
    return [
        balancer
        for balancer in everything.of("aws_lb", "aws_alb")
        if balancer.text("load_balancer_type") in {"", "application"}
        for logs in balancer.blocks("access_logs")
        if any(link.resource is bucket for link in everything.links(logs, "bucket"))
    ]


@rule(
    "storage-balancer-policy",
    BUCKET,
    title="The bucket of a balancer's access logs lets Elastic Load Balancing write",
    aws="ModifyLoadBalancerAttributes answers InvalidConfigurationRequest: access denied.",
    fix=f"Allow {elbv2.LOG_SERVICE} s3:PutObject in the bucket's policy.",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "enable-access-logging.html",
    applies=lambda bucket, everything: bool(
        balancers(bucket, everything) and everything.users(bucket, "aws_s3_bucket_policy", "bucket")
    ),
)
def balancer_policy(bucket: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service, or for a region's account, in the policy."""
    for policy in everything.users(bucket, "aws_s3_bucket_policy", "bucket"):
        statements = [
            one
            for one in read_statements(policy, "policy", everything)
            if one.allows and one.covers("s3:PutObject")
        ]
        if not any(
            one.admits(elbv2.LOG_SERVICE) or _is_log_account(one, region=bucket.region)
            for one in statements
        ):
            yield f"{policy.address} does not admit {elbv2.LOG_SERVICE}."


def _is_log_account(statement: Statement, *, region: str) -> bool:
    """Return whether a principal is, or may be, AWS's account that writes logs of the region."""
    known = elbv2.LOG_ACCOUNTS.get(region)
    accounts = [known] if known else elbv2.LOG_ACCOUNTS.values()
    return any(
        isinstance(each, Unknown) or any(account in str(each) for account in accounts)
        for each in statement.principals.get("AWS", ())
    )


@rule(
    "storage-public-policy",
    "aws_s3_bucket_policy",
    title="A bucket's policy admits nobody whom the access block refuses",
    aws="PutBucketPolicy answers AccessDenied: public policies are blocked.",
    fix="Name the principals, or add a condition on the account, the organisation or the source.",
    source=f"{GUIDE}/access-control-block-public-access.html",
    applies=lambda policy, everything: any(
        block.flag("block_public_policy")
        for bucket in everything.linked(policy, "bucket", BUCKET)
        for block in everything.users(bucket, ACCESS, "bucket")
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def public_policy(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements that allow everybody without a condition."""
    for statement in read_statements(policy, "policy", everything):
        everybody = "*" in statement.principals or "*" in statement.principals.get("AWS", ())
        if statement.allows and everybody and not statement.conditions:
            yield "It allows everybody."


@rule(
    "storage-access-block",
    BUCKET,
    title="A bucket blocks public access",
    aws="New buckets block it, older ones do not, and anybody may switch it off unnoticed.",
    fix="Declare aws_s3_bucket_public_access_block with all four arguments.",
    source=f"{GUIDE}/access-control-block-public-access.html",
    severity="warning",
)
def access_block(bucket: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the block and its arguments."""
    blocks = everything.users(bucket, ACCESS, "bucket")
    if not blocks:
        yield "It declares none."
    names = (
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    )
    for block in blocks:
        for name in names:
            if not block.flag(name):
                yield f"{block.address} leaves out {name}."


@rule(
    "storage-acl-ownership",
    "aws_s3_bucket_acl",
    title="A bucket with an ACL allows ACLs",
    aws="PutBucketAcl answers AccessControlListNotSupported: new buckets have no ACLs, not even a "
    "private one.",
    fix="Remove aws_s3_bucket_acl, or let it depend on aws_s3_bucket_ownership_controls with "
    "BucketOwnerPreferred or ObjectWriter.",
    source=f"{GUIDE}/about-object-ownership.html",
    applies=lambda acl, everything: bool(everything.linked(acl, "bucket", BUCKET)),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def acl_ownership(acl: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the controls of the same bucket."""
    for bucket in everything.linked(acl, "bucket", BUCKET):
        controls = everything.users(bucket, "aws_s3_bucket_ownership_controls", "bucket")
        if not controls:
            yield f"{bucket.address} has no ownership controls."
        for each in controls:
            if any(one.text("object_ownership") == ENFORCED for one in each.blocks("rule")):
                yield f"{each.address} switches ACLs off."
            elif not everything.comes_after(acl, each):
                yield f"It does not wait for {each.address}."


@rule(
    "storage-name",
    BUCKET,
    title="S3 accepts the name of a bucket",
    aws="CreateBucket answers InvalidBucketName.",
    fix="Use 3 to 63 lower-case letters, digits, dots and hyphens.",
    source=f"{GUIDE}/bucketnamingrules.html",
    applies=lambda bucket, _all: (
        bucket.is_set("bucket") and not isinstance(bucket.get("bucket"), Unknown)
    ),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def name(bucket: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the rules."""
    text = bucket.text("bucket")
    is_address = re.fullmatch(r"\d+\.\d+\.\d+\.\d+", text)
    if not re.fullmatch(s3.NAME_PATTERN, text) or ".." in text or is_address:
        yield f"S3 refuses {text}."
    elif text.startswith(s3.RESERVED_PREFIXES) or text.endswith(s3.RESERVED_SUFFIXES):
        yield f"{text} is reserved."
