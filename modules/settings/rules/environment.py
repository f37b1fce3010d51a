"""Rules of names, state and account."""

from collections.abc import Iterator

from modules.settings.environment import LOCAL_AWS_CREDENTIALS_FILE, Settings
from modules.settings.rules.problem import Problem

MAX_PREFIX_LENGTH = 28
"""Longest prefix in characters. The load balancer's name is the tightest: 32 characters, of which
four are `-alb` (Elastic Load Balancing API Reference, CreateLoadBalancer)."""

DOMAIN_WORDS = ("aws", "amazon", "cognito")
"""Words that the prefix of a user pool's domain must not contain (Amazon Cognito Developer Guide,
Configuring a user pool domain)."""


def _check_name_length(settings: Settings) -> Iterator[Problem]:
    length = len(settings.prefix)
    if length > MAX_PREFIX_LENGTH:
        yield Problem(
            key="suffix" if settings.suffix else "project",
            message=f"names start with '{settings.prefix}', {length} characters; AWS allows "
            f"{MAX_PREFIX_LENGTH} here",
        )


def _check_domain_words(settings: Settings) -> Iterator[Problem]:
    for word in DOMAIN_WORDS:
        if word in settings.prefix:
            yield Problem(
                key="suffix" if word in (settings.suffix or "") else "project",
                message=f"names start with '{settings.prefix}'; Cognito allows no '{word}' in them",
            )


def _check_state(settings: Settings) -> Iterator[Problem]:
    if settings.state is None and settings.local_aws is None:
        yield Problem(
            key="state", message="is needed: name the S3 bucket and region that keep the state"
        )
    if settings.state is not None and settings.local_aws is not None:
        yield Problem(
            key="state", message="must be left out with local_aws, whose state is on this machine"
        )


def _check_credentials_file(settings: Settings) -> Iterator[Problem]:
    local = settings.local_aws
    if local and not local.url and local.credentials_file != LOCAL_AWS_CREDENTIALS_FILE:
        yield Problem(
            key="local_aws.credentials_file",
            message="is for another server: the embedded AWS writes its key to "
            f"{LOCAL_AWS_CREDENTIALS_FILE}; leave it out, or set local_aws.url",
        )


def _check_account(settings: Settings) -> Iterator[Problem]:
    if settings.account_id is None and settings.local_aws is None:
        yield Problem(
            key="account_id",
            message="is needed: the only account that this environment may be deployed to",
        )


RULES = (
    _check_name_length,
    _check_domain_words,
    _check_state,
    _check_credentials_file,
    _check_account,
)
