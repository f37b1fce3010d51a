/**
 * Requests, read from the proxy events of an API Gateway REST API and of a load balancer.
 *
 * The events differ. API Gateway passes every header and query parameter both as a single value and
 * as a list of values, and decodes the query. A load balancer passes only the form that its target
 * group is set to, and does not decode the query.
 */

import { Problem } from "./problem.ts";

export interface Request {
  readonly source: "api-gateway" | "load-balancer";
  readonly method: string;
  readonly path: string;
  /** By lower-case name. A repeated header has its last value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly rawBody: string;
  readonly isBase64Encoded: boolean;
  /** API Gateway's id of the request; a load balancer passes none. */
  readonly requestId: string | undefined;
  /** Claims of a token that API Gateway's authorizer has verified. */
  readonly claims: Readonly<Record<string, string>> | undefined;
}

type Values = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Reads an event.
 *
 * @throws Problem 400 if it is not a proxy event, or its query is not properly encoded.
 */
export const toRequest = (event: unknown): Request => {
  const proxy = (event ?? {}) as Record<string, any>;
  const { httpMethod, path, requestContext, body } = proxy;
  if (typeof httpMethod !== "string" || typeof path !== "string") {
    throw new Problem(400, "This event is not a request from API Gateway or a load balancer.");
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

/** Merges both forms. The last of several values counts, as in AWS's own form of single values. */
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
