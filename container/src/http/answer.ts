/** Answers, in the form that API Gateway and load balancers both take. */

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent for none. */
  readonly body?: object;
}

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** Writes an answer; nothing but what says otherwise itself may be cached. */
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
    // A load balancer with multi-value headers on reads these only; the others accept both.
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    body: withBody && answer.body !== undefined ? JSON.stringify(answer.body) : "",
    isBase64Encoded: false,
  };
};
