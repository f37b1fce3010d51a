"""What all sections of the settings share: the frozen model and the retention of logs."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LogRetentionDays = Annotated[
    Literal[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
        1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    Field(
        description="Days that CloudWatch Logs keeps events, one of AWS's values (CloudWatch Logs "
        "API Reference, PutRetentionPolicy)."
    ),
]  # fmt: skip


class Section(BaseModel):
    """A frozen part of the settings; unknown keys and lax types are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
    )
