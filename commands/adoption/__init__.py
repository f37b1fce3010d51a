"""Brings what an interrupted deployment left behind back into Terraform's state.

Terraform records a resource some time after AWS has created it. If it is killed in between, or if
the answer of AWS is lost, the resource exists and the state does not know it. The next deployment
would fail on its name, or create it a second time.
"""

from commands.adoption.imports import adopting

__all__ = ["adopting"]
