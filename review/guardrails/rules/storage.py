"""S3 buckets, their policies and lifecycles."""

import re
from collections.abc import Iterator
from itertools import pairwise

from review.guardrails.rule import rule
from review.limits import elbv2, s3
from review.terraform import Block, Configuration, Resource, Unknown
from review.terraform.policies import read_statements

GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
BUCKET = "aws_s3_bucket"
ENFORCED = "BucketOwnerEnforced"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
ACCESS = "aws_s3_bucket_public_access_block"


def days_of(block: Block) -> float | None:
    """Return after how many days a transition or an expiration happens; nothing for a date."""
    return block.number("days")


@rule(
    "storage-transition-order",
    LIFECYCLE,
    title="Objects move to colder classes, later ones after earlier ones",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Order the transitions by days and by class.",
    source=f"{GUIDE}/lifecycle-transition-general-considerations.html",
    applies=lambda lifecycle, _all: any(
        each.blocks("transition") for each in lifecycle.blocks("rule")
    ),
)
def transition_order(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the days with the order of the classes."""
    for each in lifecycle.blocks("rule"):
        moves = [
            (days, s3.STORAGE_ORDER.index(step.text("storage_class")), step)
            for step in each.blocks("transition")
            if step.text("storage_class") in s3.STORAGE_ORDER
            and (days := days_of(step)) is not None
        ]
        by_class = sorted(moves, key=lambda move: move[1])
        for (earlier, _, _), (later, _, step) in pairwise(by_class):
            if later <= earlier:
                yield f"{step.text('storage_class')} after {later:g} days comes too early."


@rule(
    "storage-transition-days",
    LIFECYCLE,
    title="Objects move to infrequent access after 30 days or more",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Set days to 30 or more.",
    source=f"{GUIDE}/lifecycle-transition-general-considerations.html",
    applies=lambda lifecycle, _all: any(
        step.get("storage_class") in s3.INFREQUENT_ACCESS
        for each in lifecycle.blocks("rule")
        for step in each.blocks("transition")
        if isinstance(step.get("storage_class"), str)
    ),
)
def transition_days(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the least number."""
    for each in lifecycle.blocks("rule"):
        for step in each.blocks("transition"):
            days = days_of(step)
            if (
                step.text("storage_class") in s3.INFREQUENT_ACCESS
                and days is not None
                and days < s3.INFREQUENT_ACCESS_DAYS
            ):
                yield f"They move to {step.text('storage_class')} after {days:g} days."


@rule(
    "storage-expiration-order",
    LIFECYCLE,
    title="Objects expire after their last move",
    aws="PutBucketLifecycleConfiguration answers InvalidArgument.",
    fix="Let them expire later, or leave out the transition.",
    source=f"{GUIDE}/lifecycle-expire-general-considerations.html",
    applies=lambda lifecycle, _all: any(
        each.blocks("transition") and each.blocks("expiration") for each in lifecycle.blocks("rule")
    ),
)
def expiration_order(lifecycle: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the expiration with the latest transition."""
    for each in lifecycle.blocks("rule"):
        moves = [days for step in each.blocks("transition") if (days := days_of(step)) is not None]
        for expiration in each.blocks("expiration"):
            days = days_of(expiration)
            if days and moves and days <= max(moves):
                yield f"They expire after {days:g} days and move after {max(moves):g}."


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
    for encryption in everything.users(bucket, type_, "bucket"):
        for each in encryption.blocks("rule"):
            for default in each.blocks("apply_server_side_encryption_by_default"):
                if default.text("sse_algorithm").startswith("aws:kms"):
                    yield f"{encryption.address} encrypts with {default.text('sse_algorithm')}."


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
    applies=lambda bucket, everything: bool(balancers(bucket, everything)),
)
def balancer_policy(bucket: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service, or for a region's account, in the policy."""
    for policy in everything.users(bucket, "aws_s3_bucket_policy", "bucket"):
        statements = [
            one
            for one in read_statements(policy, "policy", everything)
            if one.allows and one.covers("s3:PutObject")
        ]
        if not any(one.admits(elbv2.LOG_SERVICE) or "AWS" in one.principals for one in statements):
            yield f"{policy.address} does not admit {elbv2.LOG_SERVICE}."


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
)
def name(bucket: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the rules."""
    text = bucket.text("bucket")
    is_address = re.fullmatch(r"\d+\.\d+\.\d+\.\d+", text)
    if not re.fullmatch(s3.NAME_PATTERN, text) or ".." in text or is_address:
        yield f"S3 refuses {text}."
    elif text.startswith(s3.RESERVED_PREFIXES) or text.endswith(s3.RESERVED_SUFFIXES):
        yield f"{text} is reserved."
