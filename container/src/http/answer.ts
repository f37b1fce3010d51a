/** Answers, in the form that both API Gateway and load balancers accept. */

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent for an answer without a body. */
  readonly body?: object;
}

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** Formats an answer. It must not be cached unless its own headers allow that. */
export const toProxyResult = (
  answer: Answer,
  { correlationId, withBody }: { correlationId: string; withBody: boolean },
): ProxyResult => {
  const headers = {
    ...(answer.body !== undefined && { "content-type": "application/json" }),
    "cache-control": "no-store",
    ...answer.headers,
    "x-correlation-id": correlationId,
  };
  return {
    statusCode: answer.status,
    headers,
    // A load balancer with multi-value headers enabled reads only these; the others accept both.
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    body: withBody && answer.body !== undefined ? JSON.stringify(answer.body) : "",
    isBase64Encoded: false,
  };
};
