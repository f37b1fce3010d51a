"""What a command that runs Terraform works with: the stacks, the display, the log."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from commands.deployment.interrupts import Interrupts
from commands.deployment.log import Log
from commands.deployment.planning import WORKERS
from commands.deployment.progress import ProgressDisplay
from commands.deployment.runner import Terraform
from commands.deployment.stack_run import StackRun
from commands.shared.console import CommandError
from commands.shared.terraform import initialise, stack_folder, terraform_environment
from modules.settings import PARTS, Part, Settings


@dataclass(frozen=True, kw_only=True)
class Session:
    """One command's work on an environment."""

    settings: Settings
    stacks: tuple[StackRun, ...]
    """Every stack of the environment, in order."""

    display: ProgressDisplay
    log: Log

    def stack(self, part: Part) -> StackRun:
        """Return a stack."""
        return self.stacks[PARTS.index(part)]

    def read_states(self) -> None:
        """Read the state of every stack.

        Raises:
            CommandError: Terraform failed.
        """
        # The first one fills Terraform's plugin cache, which stacks side by side would disturb.
        initialise(self.stacks[0].part, settings=self.settings)
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            list(pool.map(StackRun.read, self.stacks))


@contextmanager
def open_session(
    command: str, *, settings: Settings, shows_plans: bool = False, on_stderr: bool = False
) -> Generator[Session]:
    """Yield a session. If the command fails, the message says where everything is written.

    Args:
        command: The command's name, such as `deploy`.
        settings: The environment, whose stacks are synthesised.
        shows_plans: Whether the log gets plans in full.
        on_stderr: Whether progress goes to standard error, as standard output is for a program.

    Raises:
        CommandError: What the block raises, with the log named before it.
    """
    console = Console(stderr=on_stderr, markup=False, highlight=False, emoji=False)
    display = ProgressDisplay(console=console)
    log = Log(name=f"{command}-{settings.prefix}")
    interrupts = Interrupts()
    environment = terraform_environment(settings)
    stacks = tuple(
        StackRun(
            part=part,
            settings=settings,
            display=display,
            shows_plans=shows_plans,
            terraform=Terraform(
                stack_id=settings.stack_id(part),
                folder=stack_folder(part, settings=settings),
                environment=environment,
                log=log,
                interrupts=interrupts,
                watch=partial(display.watch, settings.stack_id(part)),
            ),
        )
        for part in PARTS
    )
    try:
        with interrupts.handled():
            yield Session(settings=settings, stacks=stacks, display=display, log=log)
    except CommandError:
        display.say(f"Everything that Terraform said is in {log.shown_path}.")
        raise
    finally:
        log.close()
