/**
 * The API's entry point: takes proxy events of an API Gateway REST API and of an Application Load
 * Balancer, which agree on `httpMethod` and `path`.
 */

/** Answers every event, malformed ones too: an exception would reach the caller as a bare 502. */
export const handler = async (event) => {
  if (event?.httpMethod === "GET" && event.path === "/health") {
    return respond(200, "application/json", { status: "ok" });
  }
  return respond(404, "application/problem+json", {
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: "No such resource.",
  });
};

const respond = (statusCode, contentType, body) => {
  const headers = { "content-type": contentType, "cache-control": "no-store" };
  return {
    statusCode,
    headers,
    // A load balancer with multi-value headers on reads these only; the others accept both.
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
};
