"""The environment variables of an execution environment.

Source: Lambda Developer Guide, Defined runtime environment variables. The server's own environment
is left out.
"""

from pathlib import Path

from local_aws.execution.code import Code
from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.roles import RoleSession

_AWS_CERTIFICATES = "/var/runtime/ca-cert.pem"
"""Amazon's root certificates in Lambda's images. They verify RDS servers on AWS; here the local
authority's certificate replaces them."""


def variables(
    *,
    version: FunctionVersion,
    code: Code,
    session: RoleSession,
    log_stream: str,
    runtime_api: str,
    endpoint_url: str,
    certificate_file: Path,
    node: Path,
) -> dict[str, str]:
    """Return the function's own variables and those that Lambda sets.

    Args:
        version: The version of the function.
        code: The unpacked code.
        session: The credentials of its role.
        log_stream: The log stream that it writes to.
        runtime_api: The `host:port/path` of its Runtime API.
        endpoint_url: The URL of the embedded AWS; it is not set on AWS.
        certificate_file: The certificate of the authority that local servers use.
        node: The Node.js that runs it.
    """
    own = {
        name: value.replace(_AWS_CERTIFICATES, str(certificate_file))
        for name, value in version.variables
    }
    changeable = {
        "LANG": "en_US.UTF-8",
        "PATH": f"{node.parent}:/usr/local/bin:/usr/bin:/bin",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    }
    reserved = {
        "_HANDLER": code.handler,
        "LAMBDA_TASK_ROOT": str(code.task_root),
        "AWS_REGION": version.execution_region,
        "AWS_DEFAULT_REGION": version.execution_region,
        "AWS_LAMBDA_FUNCTION_NAME": version.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mib),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": version.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
        "AWS_ENDPOINT_URL": endpoint_url,
        "TZ": ":UTC",
    }
    if version.runtime is not None:
        reserved["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{version.runtime}"
    if version.log_format == "JSON":
        reserved["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        reserved["AWS_LAMBDA_LOG_LEVEL"] = version.application_log_level or "INFO"
    return changeable | own | reserved
