"""Letters that last as long as something does."""

from collections.abc import Mapping

from cdktf import TerraformResource
from constructs import Construct

LETTERS = 8


class Lifetime(TerraformResource):
    """Eight random letters for names that must not be used again by a successor.

    Terraform's own `terraform_data`, without a provider. CDKTF has a construct for it, but that one
    runs `terraform version` at each synthesis; this one needs no Terraform.
    """

    def __init__(
        self, scope: Construct, id_: str, *, ends_with: Mapping[str, str] | None = None
    ) -> None:
        """Create the suffix.

        Args:
            ends_with: Values whose change makes Terraform choose a new suffix. Without any, the
                suffix lasts until the stack is destroyed.
        """
        super().__init__(scope, id_, terraform_resource_type="terraform_data")
        if ends_with:
            self.add_override("triggers_replace", ends_with)
        self.letters = f"${{substr({self.fqn}.id, 0, {LETTERS})}}"
