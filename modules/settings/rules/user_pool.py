"""Rules of the user pool."""

from collections.abc import Iterator

from modules.settings.environment import Settings
from modules.settings.rules.problem import Problem


def _check_user_pool(settings: Settings) -> Iterator[Problem]:
    pool = settings.user_pool
    if settings.local_aws or not pool.deletion_protection:
        return
    for key, addresses in (
        ("callback_urls", pool.callback_urls),
        ("logout_urls", pool.logout_urls),
    ):
        if any(address.startswith("http://") for address in addresses):
            yield Problem(
                key=f"user_pool.{key}",
                message="sends users to localhost; name the shop's own address: a protected pool "
                "serves real users",
            )


RULES = (_check_user_pool,)
