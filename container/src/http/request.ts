/**
 * Requests, read alike from the proxy events of an API Gateway REST API and of a load balancer.
 *
 * They differ: API Gateway gives every header and query parameter both as single and as multiple
 * values and decodes the query; a load balancer gives one of the two, as its target group is set,
 * and leaves the query as it came.
 */

import { Problem } from "./problem.ts";

export interface Request {
  readonly source: "api-gateway" | "load-balancer";
  readonly method: string;
  readonly path: string;
  /** By lower-case name; the last value where one was repeated. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly rawBody: string;
  readonly isBase64Encoded: boolean;
  /** The gateway's own id of the request. */
  readonly requestId: string | undefined;
  /** Of a token that API Gateway's authorizer has verified. */
  readonly claims: Readonly<Record<string, string>> | undefined;
}

type Values = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Reads an event.
 *
 * @throws Problem if it is no proxy event, or its query is not encoded as it should be.
 */
export const toRequest = (event: unknown): Request => {
  const proxy = (event ?? {}) as Record<string, any>;
  const { httpMethod, path, requestContext, body } = proxy;
  if (typeof httpMethod !== "string" || typeof path !== "string") {
    throw new Problem(400, "This is no request of API Gateway or a load balancer.");
  }
  const source = requestContext?.elb ? "load-balancer" : "api-gateway";
  const decode = source === "load-balancer" ? decodeComponent : String;
  return {
    source,
    method: httpMethod.toUpperCase(),
    path,
    headers: flatten(proxy.headers, proxy.multiValueHeaders, toLowerCase, String),
    query: flatten(
      proxy.queryStringParameters,
      proxy.multiValueQueryStringParameters,
      decode,
      decode,
    ),
    rawBody: typeof body === "string" ? body : "",
    isBase64Encoded: proxy.isBase64Encoded === true,
    requestId: requestContext?.requestId,
    claims: requestContext?.authorizer?.claims,
  };
};

/** Merges single and multiple values; the last of a repeated one counts, as in AWS's merging. */
const flatten = (
  single: Values,
  multiple: Values,
  toName: (text: string) => string,
  toValue: (text: string) => string,
): Record<string, string> => {
  const entries = Object.entries({ ...single, ...multiple });
  return Object.fromEntries(
    entries.map(([name, value]) => [toName(name), toValue(String([value].flat().at(-1) ?? ""))]),
  );
};

const toLowerCase = (text: string): string => text.toLowerCase();

const decodeComponent = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Problem(400, "The query string is not properly percent-encoded.");
  }
};
