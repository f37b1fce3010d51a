"""Load balancers.

Source: Elastic Load Balancing, User Guide for Application Load Balancers.
"""

LISTENER_PRIORITY = (1, 50_000)
"""The priority of a rule (Elastic Load Balancing API reference, CreateRule)."""

IDLE_SECONDS = (1, 4_000)
"""The idle timeout of an Application Load Balancer."""

ZONES = 2
"""How many zones an Application Load Balancer needs at least."""

LOG_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
"""The service that writes access logs."""

LOG_ACCOUNTS = {
    "af-south-1": "098369216593", "ap-east-1": "754344448648", "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887", "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378", "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266", "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251", "eu-central-1": "054676820928", "eu-north-1": "897822967062",
    "eu-south-1": "635631232127", "eu-west-1": "156460612806", "eu-west-2": "652711504416",
    "eu-west-3": "009996457667", "me-south-1": "076674570225", "sa-east-1": "507241528517",
    "us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}  # fmt: skip
"""AWS's own accounts that write access logs in older regions (the same guide, Enable access
logs)."""
