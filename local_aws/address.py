"""The address at which the embedded AWS answers."""

HOST = "127.0.0.1"
"""The address of all its servers: this machine only."""

HOST_NAMES = (HOST, "localhost")
"""The host names that clients may use for it."""

DEFAULT_PORT = 4577
"""The port of the AWS API unless LOCAL_AWS_PORT names another one."""

INSTANCE_PATH = "/_local_aws/instance"
"""The path that answers which server this is; it needs no signature."""

DEVELOPMENT_PATH = "/_local_aws/development"
"""The path at which a developer's working copy replaces deployed code (execution/development.py);
only the user's own key may call it."""


def url_of(port: int) -> str:
    """Return the URL of the AWS API on a port."""
    return f"http://{HOST}:{port}"
