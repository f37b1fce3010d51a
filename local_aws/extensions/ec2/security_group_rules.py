"""Security group rules; gaps of moto 5.2.5.

- The response lacks the description of a rule that names a group or a prefix list.
"""

from moto.ec2.models.security_groups import SecurityGroupRule

from local_aws.graft import graft

_init_rule = SecurityGroupRule.__init__


@graft
class _Rule(SecurityGroupRule):
    def __init__(
        self,
        ec2_backend: object,
        ip_protocol: str,
        group_id: str,
        from_port: str | None,
        to_port: str | None,
        ip_range: dict[str, str] | None,
        source_group: dict[str, str] | None = None,
        prefix_list_id: dict[str, str] | None = None,
        is_egress: bool = True,  # noqa: FBT001, FBT002  # as in moto
        tags: dict[str, str] | None = None,
    ) -> None:
        _init_rule(
            *(self, ec2_backend, ip_protocol, group_id, from_port, to_port, ip_range),
            *(source_group, prefix_list_id, is_egress, tags),
        )
        self.first_description = (source_group or prefix_list_id or {}).get("Description")

    @property
    def description(self) -> str | None:
        # moto stores a later change of the description in `ip_range` for every kind of rule.
        return self.ip_range.get("Description", self.first_description)
