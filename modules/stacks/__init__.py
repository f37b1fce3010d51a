"""The app and its stacks, which only compose constructs."""

from cdktf import App

from modules.stacks.data import Data
from modules.stacks.edge import Edge
from modules.stacks.foundation import Foundation
from modules.stacks.observability import Observability
from modules.stacks.service import Service

__all__ = [
    "App",
    "Data",
    "Edge",
    "Foundation",
    "Observability",
    "Service",
]
