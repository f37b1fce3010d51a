"""Write the page of the selected environment."""

import json

from commands.dashboard.findings import find_alarms, find_dashboards
from commands.dashboard.page import render_page
from commands.shared.console import CommandError, user_errors
from commands.shared.terraform import stack_folder, synthesise
from modules.settings import PARTS
from modules.settings.selection import load_selected
from modules.toolchain import ROOT

PAGE = ROOT / "cdktf.out" / "dashboard.html"


def main() -> None:
    """Synthesise the selected environment, and write its dashboards and alarms to one HTML page.

    Raises:
        CommandError: The synthesis failed, or no stack has a dashboard.
    """
    settings = load_selected().settings
    synthesise(settings=settings)
    stacks = {
        settings.stack_id(part): json.loads(
            (stack_folder(part, settings=settings) / "cdk.tf.json").read_text()
        )
        for part in PARTS
    }
    dashboards, alarms = find_dashboards(stacks), find_alarms(stacks)
    if not dashboards:
        message = f"No stack of {settings.prefix} has a dashboard."
        raise CommandError(message)
    PAGE.write_text(render_page(dashboards=dashboards, alarms=alarms, title=settings.prefix))
    print(PAGE)


if __name__ == "__main__":
    with user_errors():
        main()
