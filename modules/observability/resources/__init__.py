"""The resources that dashboards and alarms monitor, a file for each part of the platform.

Every identifier is a reference to a resource, never a literal name.
"""

from dataclasses import dataclass

from modules.observability.resources.database import MonitoredDatabase, MonitoredProxy
from modules.observability.resources.edge import MonitoredDistribution, MonitoredWebAcl
from modules.observability.resources.logs import MonitoredLogs
from modules.observability.resources.network import MonitoredNetwork
from modules.observability.resources.service import (
    MonitoredApi,
    MonitoredApiFunction,
    MonitoredFunction,
    MonitoredFunctionVersion,
    MonitoredLoadBalancer,
    MonitoredShop,
    MonitoredTargetGroup,
)

__all__ = [
    "MonitoredApi",
    "MonitoredApiFunction",
    "MonitoredDatabase",
    "MonitoredDistribution",
    "MonitoredFunction",
    "MonitoredFunctionVersion",
    "MonitoredLoadBalancer",
    "MonitoredLogs",
    "MonitoredNetwork",
    "MonitoredProxy",
    "MonitoredResources",
    "MonitoredShop",
    "MonitoredTargetGroup",
    "MonitoredWebAcl",
]


@dataclass(frozen=True, kw_only=True)
class MonitoredResources:
    """All monitored resources of one environment."""

    function: MonitoredApiFunction
    administration: MonitoredFunction
    """The function that migrates the database and rotates the API's database credential."""

    shop: MonitoredShop
    api: MonitoredApi
    load_balancer: MonitoredLoadBalancer
    target_group: MonitoredTargetGroup
    database: MonitoredDatabase
    network: MonitoredNetwork
    logs: MonitoredLogs
    distribution: MonitoredDistribution
    edge_web_acl: MonitoredWebAcl
    api_web_acl: MonitoredWebAcl
