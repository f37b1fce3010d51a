"""The server process of the embedded AWS; `local_aws.control` starts and stops it.

It runs moto's own application on 127.0.0.1 with the extensions and hooks applied, behind the checks
of `local_aws.access`. It makes the access key of the user of this machine, answers which server it
is, and deletes its workspace when it ends.
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
from local_aws.wsgi import Environ, StartResponse, WsgiApp


def configure_environment(*, port: int) -> None:
    """Set the variables that moto reads at import, and drop those of the user's shell."""
    for name in tuple(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # moto asks for some; this process calls nothing
        "AWS_DEFAULT_REGION": GLOBAL_REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "MOTO_DISABLE_GLOBAL_CORS": "true",  # web pages must not read its responses
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # no instances are emulated
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "MOTO_LAMBDA_STUB_ECR": "false",  # a function's image must exist, as on AWS
        "MOTO_PORT": str(port),
    }


def identified(app: WsgiApp, *, instance_id: str) -> WsgiApp:
    """Wrap `app` to answer `INSTANCE_PATH` with this server's identity."""
    body = json.dumps({"instance_id": instance_id}).encode()

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != INSTANCE_PATH:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]

    return application


def main() -> None:
    """Serve requests until the process receives SIGTERM."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--instance-id", required=True)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--credentials-file", type=Path, required=True)
    options = parser.parse_args()
    configure_environment(port=options.port)
    signal.signal(signal.SIGTERM, _end_once)
    os.umask(0o022)  # no other user may write into the workspace, whatever the user's umask is

    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]  # no __init__.py there, so py.typed does not reach it
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from local_aws import execution, extensions, hooks, workspace
    from local_aws.access.credentials import make_credentials, write_credentials
    from local_aws.access.guard import guarded
    from local_aws.execution.development_endpoint import developed
    from local_aws.hooks import rds_servers
    from local_aws.requests.routing import RequestHandler, is_deployed, routed

    with ExitStack() as at_the_end:
        at_the_end.callback(workspace.remove, options.workspace)
        workspace.open_workspace(options.workspace)
        extensions.apply()
        hooks.apply()
        at_the_end.callback(rds_servers.stop_all)
        at_the_end.callback(execution.stop)

        user = make_credentials()
        app: WsgiApp = DomainDispatcherApplication(create_backend_app)
        # Each wrapper answers its own paths and passes on the others; the last one comes first.
        wrappers: list[Callable[[WsgiApp], WsgiApp]] = [
            routed,
            partial(identified, instance_id=options.instance_id),
            developed,
            partial(guarded, port=options.port, user=user, is_deployed=is_deployed),
        ]
        for wrap in wrappers:
            app = wrap(app)
        server = make_server(HOST, options.port, app, threaded=True, request_handler=RequestHandler)
        write_credentials(user, file=options.credentials_file)
        server.serve_forever()


def _end_once(_number: int, _frame: FrameType | None) -> None:
    """Exit through the exit stack, and ignore further signals meanwhile."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


if __name__ == "__main__":
    main()
