"""The stacks, composition only, and the app that holds them."""

from cdktf import App

from modules.stacks.data import DataStack
from modules.stacks.foundation import FoundationStack
from modules.stacks.service import ServiceStack

__all__ = ["App", "DataStack", "FoundationStack", "ServiceStack"]
