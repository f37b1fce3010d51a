"""What is watched: the identifiers of the platform's resources, and the metrics made from them.

Every identifier is a reference to a resource, never a name written out.
"""

from dataclasses import dataclass

from modules.observability.resources.database import MonitoredDatabase
from modules.observability.resources.edge import MonitoredDistribution, MonitoredWebAcl
from modules.observability.resources.network import MonitoredLogs, MonitoredNetwork
from modules.observability.resources.service import (
    MonitoredAdministration,
    MonitoredApi,
    MonitoredFunction,
    MonitoredLoadBalancer,
)

__all__ = [
    "MonitoredAdministration",
    "MonitoredApi",
    "MonitoredDatabase",
    "MonitoredDistribution",
    "MonitoredFunction",
    "MonitoredLoadBalancer",
    "MonitoredLogs",
    "MonitoredNetwork",
    "MonitoredResources",
    "MonitoredWebAcl",
]


@dataclass(frozen=True, kw_only=True)
class MonitoredResources:
    """Everything of one environment that dashboards and alarms look at."""

    function: MonitoredFunction
    administration: MonitoredAdministration
    api: MonitoredApi
    load_balancer: MonitoredLoadBalancer
    database: MonitoredDatabase
    network: MonitoredNetwork
    logs: MonitoredLogs
    distribution: MonitoredDistribution
    edge_web_acl: MonitoredWebAcl
    api_web_acl: MonitoredWebAcl
