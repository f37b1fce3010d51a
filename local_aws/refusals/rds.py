"""RDS and Aurora (API reference, CreateDBCluster and CreateDBInstance)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, outside, part
from review.limits import rds

CLUSTERS = ("CreateDBCluster", "ModifyDBCluster")


def _find_capacity(request: Request) -> Iterator[str]:
    scaling = part(request.parameters, "ServerlessV2ScalingConfiguration")
    least, most = scaling.get("MinCapacity"), scaling.get("MaxCapacity")
    if least is not None and most is not None and float(least) > float(most):
        yield f"MinCapacity {least} is greater than MaxCapacity {most}."
    for name in ("MinCapacity", "MaxCapacity"):
        yield from outside(scaling, name, rds.ACU)
        if float(scaling.get(name) or 0) % rds.ACU_STEP:
            yield f"{name} {scaling[name]} is not a multiple of {rds.ACU_STEP}."


def _find_days(request: Request) -> Iterator[str]:
    yield from outside(request.parameters, "BackupRetentionPeriod", rds.BACKUP_DAYS)
    days = int(request.parameters.get("PerformanceInsightsRetentionPeriod") or 0)
    is_month = days % rds.INSIGHTS_MONTH_DAYS == 0 and days < rds.INSIGHTS_DAYS[1]
    if days not in rds.INSIGHTS_DAYS and not is_month:
        yield f"Invalid Performance Insights retention period: {days}"


def _find_user(request: Request) -> Iterator[str]:
    name = str(request.parameters.get("MasterUsername")).lower()
    is_postgresql = str(request.parameters.get("Engine")).endswith("postgresql")
    if is_postgresql and name in rds.RESERVED_USERS:
        yield f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"


def _find_password(request: Request) -> Iterator[str]:
    parameters = request.parameters
    managed = str(parameters.get("ManageMasterUserPassword")).lower() == "true"
    if managed and parameters.get("MasterUserPassword"):
        yield "You can't specify MasterUserPassword if ManageMasterUserPassword is on."


REFUSALS = (
    Refusal(service="rds", operations=CLUSTERS, code="InvalidParameterValue", find=_find_capacity),
    Refusal(
        service="rds",
        operations=(*CLUSTERS, "CreateDBInstance", "ModifyDBInstance"),
        code="InvalidParameterValue",
        find=_find_days,
    ),
    Refusal(
        service="rds",
        operations=("CreateDBCluster",),
        code="InvalidParameterValue",
        find=_find_user,
    ),
    Refusal(
        service="rds",
        operations=CLUSTERS,
        code="InvalidParameterCombination",
        find=_find_password,
    ),
)
