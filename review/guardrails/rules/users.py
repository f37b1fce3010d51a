"""Cognito user pools and their clients."""

from collections.abc import Iterator
from typing import Any

from review.guardrails.rule import rule
from review.limits import cognito
from review.terraform import Configuration, Resource, Unknown

REFERENCE = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/cognito/latest/developerguide"
CLIENT = "aws_cognito_user_pool_client"
SERVER = "aws_cognito_resource_server"


def flows(client: Resource) -> list[Any]:
    """Return the OAuth flows of a client."""
    return client.items("allowed_oauth_flows")


@rule(
    "users-client-scopes",
    CLIENT,
    title="The resource server of a scope exists before a client asks for the scope",
    aws="CreateUserPoolClient answers ScopeDoesNotExistException.",
    fix="Take the scope from aws_cognito_resource_server, or depend on it.",
    source=f"{REFERENCE}/API_CreateUserPoolClient.html",
    applies=lambda client, _all: bool(_own_scopes(client)),
)
def client_scopes(client: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the server, and for the order."""
    pools = everything.linked(client, "user_pool_id", "aws_cognito_user_pool")
    servers = [
        each
        for each in everything.of(SERVER)
        if set(pools) & set(everything.linked(each, "user_pool_id", "aws_cognito_user_pool"))
    ]
    scopes = _own_scopes(client)
    identifiers = {
        identifier: each
        for each in servers
        if isinstance(identifier := each.get("identifier"), str | Unknown)
    }
    for scope in scopes:
        server = identifiers.get(scope.rpartition("/")[0])
        if server is None:
            if servers:
                yield f"No resource server declares {scope}."
        elif not everything.comes_after(client, server):
            yield f"It does not wait for {server.address}, which declares {scope}."


def _own_scopes(client: Resource) -> list[str]:
    """Return the scopes of resource servers that a client names."""
    return [
        each
        for each in client.items("allowed_oauth_scopes")
        if isinstance(each, str) and "/" in each
    ]


@rule(
    "users-client-credentials",
    CLIENT,
    title="A client with client_credentials has a secret and no other flow",
    aws="CreateUserPoolClient answers InvalidOAuthFlowException.",
    fix="Give machines a client of their own, with generate_secret = true.",
    source=f"{GUIDE}/cognito-user-pools-app-idp-settings.html",
    applies=lambda client, _all: "client_credentials" in flows(client),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def client_credentials(client: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the other flows, the secret and the scopes."""
    others = [each for each in flows(client) if each in ("code", "implicit")]
    if others:
        yield f"It has the flow {others[0]} too."
    if not client.flag("generate_secret"):
        yield "It has no secret."
    for scope in client.items("allowed_oauth_scopes"):
        if scope in cognito.BUILT_IN_SCOPES:
            yield f"It asks for {scope}, which belongs to a person."


@rule(
    "users-client-callbacks",
    CLIENT,
    title="A client with a flow of the browser has callback addresses with https",
    aws="CreateUserPoolClient answers InvalidParameterException.",
    fix="Set callback_urls to https addresses; http is for localhost only.",
    source=f"{GUIDE}/cognito-user-pools-app-idp-settings.html",
    applies=lambda client, _all: bool(
        {each for each in flows(client) if isinstance(each, str)} & {"code", "implicit"}
    ),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def client_callbacks(client: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the addresses."""
    addresses = client.items("callback_urls")
    if not addresses:
        yield "It has no callback address."
    for address in addresses:
        if isinstance(address, str) and address.startswith("http://"):
            host = address.removeprefix("http://").partition("/")[0].partition(":")[0]
            if host not in {"localhost", "127.0.0.1"}:
                yield f"It calls back {address}."


@rule(
    "users-client-flows-off",
    CLIENT,
    title="A client with OAuth flows has them switched on",
    aws="The flows are ignored: the login page answers unauthorized_client.",
    fix="Set allowed_oauth_flows_user_pool_client = true.",
    source=f"{REFERENCE}/API_CreateUserPoolClient.html",
    applies=lambda client, _all: bool(flows(client)),
)
def client_flows_off(client: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the switch."""
    if not client.flag("allowed_oauth_flows_user_pool_client"):
        yield "Its flows are off."


@rule(
    "users-domain-words",
    "aws_cognito_user_pool_domain",
    title="The domain prefix of a user pool contains no reserved word",
    aws="CreateUserPoolDomain answers InvalidParameterException.",
    fix="Leave out aws, amazon and cognito.",
    source=f"{GUIDE}/cognito-user-pools-assign-domain-prefix.html",
    applies=lambda domain, _all: not domain.is_set("certificate_arn"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def domain_words(domain: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the prefix, as far as it is known."""
    value = domain.get("domain")
    text = value.text if isinstance(value, Unknown) else value
    first, *others = str(text or "").split("${")
    known = first + "".join(part.partition("}")[2] for part in others)
    for word in cognito.RESERVED_DOMAIN_WORDS:
        if word in known:
            yield f"It contains {word}."


@rule(
    "users-mfa-method",
    "aws_cognito_user_pool",
    title="A user pool with MFA has a method for it",
    aws="CreateUserPool or SetUserPoolMfaConfig answers InvalidParameterException.",
    fix="Enable software_token_mfa_configuration, or configure SMS or e-mail.",
    source=f"{GUIDE}/user-pool-settings-mfa.html",
    applies=lambda pool, _all: pool.text("mfa_configuration") in {"ON", "OPTIONAL"},
)
def mfa_method(pool: Resource, _all: Configuration) -> Iterator[str]:
    """Look for a method."""
    blocks = ("sms_configuration", "email_mfa_configuration", "web_authn_configuration")
    has_token = any(
        each.flag("enabled") for each in pool.blocks("software_token_mfa_configuration")
    )
    if not has_token and not any(pool.blocks(name) for name in blocks):
        yield "It has none."


@rule(
    "users-password-length",
    "aws_cognito_user_pool",
    title="A password policy demands 6 to 99 characters",
    aws="CreateUserPool answers InvalidParameterException.",
    fix="Set minimum_length within the limits; 12 or more is advisable.",
    source=f"{REFERENCE}/API_PasswordPolicyType.html",
    applies=lambda pool, _all: bool(pool.blocks("password_policy")),
)
def password_length(pool: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = cognito.PASSWORD_LENGTH
    for policy in pool.blocks("password_policy"):
        length = policy.number("minimum_length")
        if length is not None and not least <= length <= most:
            yield f"It demands {length:g}."
