"""Follows the logs of the selected environment until Ctrl-C ends it."""

import os
import sys

from commands.logs.follow import open_groups, print_logs
from commands.logs.options import read_options
from commands.shared.console import user_errors
from commands.shared.deployed_state import require_deployed
from modules.settings.selection import load_selected


def main() -> None:
    """Follow the logs of the selected environment."""
    options = read_options()
    settings = load_selected().settings
    deployed = require_deployed("data", "service", settings=settings)
    groups = open_groups(deployed, options=options, settings=settings)
    try:
        print_logs(groups, options=options)
    except KeyboardInterrupt:
        pass  # the way to end it
    except BrokenPipeError:  # the reader, such as `head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    with user_errors():
        main()
