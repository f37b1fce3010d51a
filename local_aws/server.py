"""The server process of the embedded AWS; `local_aws.control` starts and stops it.

It runs moto's own application on 127.0.0.1, with the extensions applied, an endpoint that says
which server this is, and a working folder that goes when it ends.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType

from local_aws.address import HOST, INSTANCE_PATH
from local_aws.regions import GLOBAL_REGION

Environ = dict[str, object]
WsgiApp = Callable[[Environ, Callable[..., object]], Iterable[bytes]]


def configure_environment(*, port: int) -> None:
    """Set what moto reads at import, so that the user's shell cannot change what it answers."""
    for name in tuple(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # no account stands behind it
        "AWS_DEFAULT_REGION": GLOBAL_REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # there are no instances here
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "MOTO_LAMBDA_STUB_ECR": "false",  # as in AWS, a function's image must exist
        "MOTO_PORT": str(port),
    }


def identified(app: WsgiApp, *, instance_id: str) -> WsgiApp:
    """Answer `INSTANCE_PATH` with this server's identity; pass everything else to moto."""
    from moto import __version__ as moto_version

    identity = {"instance_id": instance_id, "pid": os.getpid(), "moto": moto_version}
    body = json.dumps(identity).encode()

    def application(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != INSTANCE_PATH:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]

    return application


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--instance-id", required=True)
    parser.add_argument("--workspace", type=Path, required=True)
    options = parser.parse_args()
    configure_environment(port=options.port)
    signal.signal(signal.SIGTERM, _end_once)

    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]  # no __init__.py there, so py.typed does not reach it
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from local_aws import execution, extensions, hooks, workspace
    from local_aws.hooks import rds_servers
    from local_aws.requests.routing import RequestHandler, routed

    with ExitStack() as at_the_end:
        at_the_end.callback(workspace.remove, options.workspace)
        workspace.open_workspace(options.workspace)
        extensions.apply()
        hooks.apply()
        at_the_end.callback(rds_servers.stop_all)
        at_the_end.callback(execution.stop)

        app: WsgiApp = DomainDispatcherApplication(create_backend_app)
        # Each answers what is its own and passes the rest on; the last one is asked first.
        wrappers: list[Callable[[WsgiApp], WsgiApp]] = [
            routed,
            partial(identified, instance_id=options.instance_id),
        ]
        for wrap in wrappers:
            app = wrap(app)
        server = make_server(HOST, options.port, app, threaded=True, request_handler=RequestHandler)
        server.serve_forever()


def _end_once(_number: int, _frame: FrameType | None) -> None:
    """Leave by the way that stops everything; a second signal does not disturb that."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


if __name__ == "__main__":
    main()
