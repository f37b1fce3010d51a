"""Terraform's state of a stack."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]
"""A block of Terraform's JSON."""

_ALIASED = re.compile(r"provider\[[^]]+\]\.([a-z0-9-]+)")


@dataclass(frozen=True, kw_only=True)
class State:
    """The state of a stack, as `terraform state pull` prints it."""

    document: Block

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The values of the outputs, by name."""
        return {name: each["value"] for name, each in self.document.get("outputs", {}).items()}

    @property
    def version(self) -> str:
        """What tells it from every other state, before and after it and of other stacks."""
        return f"{self.document.get('lineage')} {self.document.get('serial')}"

    def attributes(self) -> dict[str, Block]:
        """Return the attributes of every resource and data source, by address."""
        return {
            _address(resource): instance["attributes"]
            for resource in self.document.get("resources", [])
            for instance in resource["instances"]
            if "deposed" not in instance
        }

    @property
    def resource_count(self) -> int:
        """How many resources it has."""
        return sum(1 for _ in self.resources())

    def resources(self) -> Iterator[tuple[str, Block]]:
        """Yield the address and the attributes of every resource that Terraform manages."""
        for resource in self.document.get("resources", []):
            if resource["mode"] == "managed":
                for instance in resource["instances"]:
                    yield _address(resource), instance["attributes"]

    def provider_aliases(self) -> set[str]:
        """Return the aliases of the providers that its resources have."""
        return {
            found[1]
            for resource in self.document.get("resources", [])
            if (found := _ALIASED.fullmatch(resource["provider"]))
        }

    def ids(self, type_: str) -> set[str]:
        """Return the ids of all resources of a type, under any address."""
        return {
            instance["attributes"]["id"]
            for resource in self.document.get("resources", [])
            if resource["type"] == type_
            for instance in resource["instances"]
        }

    def tainted(self) -> set[str]:
        """Return the addresses of resources whose creation did not end well."""
        return {
            _address(resource)
            for resource in self.document.get("resources", [])
            for instance in resource["instances"]
            if instance.get("status") == "tainted" and "deposed" not in instance
        }


def _address(resource: Block) -> str:
    prefix = "data." if resource["mode"] == "data" else ""
    return f"{prefix}{resource['type']}.{resource['name']}"
