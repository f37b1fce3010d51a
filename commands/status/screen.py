"""Prints the deployed stacks, the running release, drift and raised alarms."""

from collections.abc import Iterator, Mapping

from commands.shared.deployed_state import DeployedStack, read_deployed
from commands.shared.printing import print_table
from commands.status.alarms import alarm_names, find_raised
from commands.status.drift import describe_drift
from commands.status.release import read_release
from commands.status.times import describe_time
from modules.settings import PARTS, Part, Settings

_SHOWN_DIGITS = 12


def print_status(*, settings: Settings) -> None:
    """Print what is deployed.

    Raises:
        CommandError: The state cannot be read.
        ClientError: AWS refuses.
    """
    deployed = read_deployed(settings=settings)
    if not deployed:
        print(f"{settings.prefix} is not deployed; `make deploy ENV={settings.environment}` does.")
        return
    print_table(
        title=settings.prefix,
        columns=("stack", "resources", "last changed"),
        rows=[(part, *_describe_stack(deployed.get(part))) for part in PARTS],
    )
    for name, value in _facts(deployed, settings=settings):
        print(f"{name:<8} {value}", flush=True)


def _describe_stack(stack: DeployedStack | None) -> tuple[str, str]:
    if stack is None:
        return "not deployed", ""
    return str(stack.size), describe_time(stack.changed)


def _facts(
    deployed: Mapping[Part, DeployedStack], *, settings: Settings
) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each fact beside the stacks."""
    where = settings.local_aws.endpoint if settings.local_aws else "AWS"
    yield "where", f"{where}, {settings.region}"
    if "service" in deployed:
        release = read_release(deployed["service"].outputs, settings=settings)
        pushed = f", pushed {describe_time(release.pushed)}" if release.pushed else ""
        yield "version", f"{release.version} of the function, since {describe_time(release.since)}"
        yield "image", f"{release.image_tag} ({release.image_digest[:19]}){pushed}"
        commits = ", ".join(commit[:_SHOWN_DIGITS] for commit in release.commits)
        yield (
            "commit",
            (
                f"{commits}, the last to change container/"
                if commits
                else "not recorded (the image was published from uncommitted files)"
            ),
        )
    first, *others = describe_drift(deployed, settings=settings)
    yield "drift", first
    for line in others:
        yield "", line
    names = alarm_names(deployed)
    raised = find_raised(names, settings=settings)
    yield "alarms", f"{len(raised)} of {len(names)} in alarm"
    for alarm in raised:
        yield "", f"{alarm.name} since {describe_time(alarm.since)}: {alarm.reason}"
