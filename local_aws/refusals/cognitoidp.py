"""Cognito (API reference, CreateUserPoolClient and CreateUserPoolDomain)."""

from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, texts
from review.limits import cognito

SERVICE = "cognito-idp"
CLIENTS = ("CreateUserPoolClient", "UpdateUserPoolClient")
BROWSER_FLOWS = {"code", "implicit"}
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def _find_flows(request: Request) -> Iterator[str]:
    parameters = request.parameters
    flows = set(texts(parameters, "AllowedOAuthFlows"))
    if "client_credentials" in flows:
        if flows & BROWSER_FLOWS:
            yield "client_credentials flow can not be selected along with code flow or implicit."
        if request.operation == "CreateUserPoolClient" and not parameters.get("GenerateSecret"):
            yield "client_credentials flow can not be selected if client does not have a secret."


def _find_callbacks(request: Request) -> Iterator[str]:
    parameters = request.parameters
    addresses = texts(parameters, "CallbackURLs")
    if set(texts(parameters, "AllowedOAuthFlows")) & BROWSER_FLOWS and not addresses:
        yield "CallbackURLs are required for the code and implicit flows."
    for address in addresses:
        host = address.removeprefix("http://").partition("/")[0].partition(":")[0]
        if address.startswith("http://") and host not in LOCAL_HOSTS:
            yield f"HTTP redirect URLs are only allowed for localhost: {address}"


def _find_words(request: Request) -> Iterator[str]:
    if request.parameters.get("CustomDomainConfig"):
        return
    for word in cognito.RESERVED_DOMAIN_WORDS:
        if word in str(request.parameters.get("Domain")):
            yield f"Domain cannot contain reserved word: {word}"


REFUSALS = (
    Refusal(
        service=SERVICE, operations=CLIENTS, code="InvalidOAuthFlowException", find=_find_flows
    ),
    Refusal(
        service=SERVICE,
        operations=CLIENTS,
        code="InvalidParameterException",
        find=_find_callbacks,
    ),
    Refusal(
        service=SERVICE,
        operations=("CreateUserPoolDomain",),
        code="InvalidParameterException",
        find=_find_words,
    ),
)
