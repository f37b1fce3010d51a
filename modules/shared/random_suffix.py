"""A random suffix that lives as long as its resource."""

from collections.abc import Mapping

from cdktf import TerraformResource
from constructs import Construct

LENGTH = 8


class RandomSuffix(TerraformResource):
    """Eight random characters, for names that a successor must not reuse.

    It is Terraform's own `terraform_data`, which needs no provider. CDKTF has a construct for it,
    but that construct runs `terraform version` at each synthesis; this one needs no Terraform.
    """

    def __init__(
        self, scope: Construct, id_: str, *, replaced_with: Mapping[str, str] | None = None
    ) -> None:
        """Create the suffix.

        Args:
            replaced_with: Values whose change makes Terraform choose a new suffix. Without any, the
                suffix lasts until the stack is destroyed.
        """
        super().__init__(scope, id_, terraform_resource_type="terraform_data")
        if replaced_with:
            self.add_override("triggers_replace", replaced_with)
        self.value = f"${{substr({self.fqn}.id, 0, {LENGTH})}}"
        self.address = f"{self.terraform_resource_type}.{self.friendly_unique_id}"
        """Terraform's address, for `replace_triggered_by` of what is replaced with the suffix."""
