"""Settings of the alarms."""

from typing import Annotated

from pydantic import Field

from modules.settings.section import Section

RUNBOOK = "https://example.com/ecommerce-platform/docs/runbook.md"


class AlarmSettings(Section):
    """Whom alarms tell, and what they tell them to read."""

    emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()
    """Addresses that are told; each has to confirm its subscription in each region."""

    runbook_url: Annotated[str, Field(pattern=r"^https://[^\s#]+$", max_length=200)] = RUNBOOK
    """Address under which people read docs/runbook.md, without an anchor."""
