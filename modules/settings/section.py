"""What all sections of the settings share: the frozen model and the retention of logs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from review.limits.logs import RetentionDays

LogRetentionDays = Annotated[
    RetentionDays,
    Field(
        description="Days that CloudWatch Logs keeps events, one of AWS's values (CloudWatch Logs "
        "API Reference, PutRetentionPolicy)."
    ),
]


class Section(BaseModel):
    """A frozen part of the settings; unknown keys and lax types are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
    )
