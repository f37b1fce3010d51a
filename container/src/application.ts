/** Turns an event into an answer. Every event gets one, whatever goes wrong. */

import type { Context } from "aws-lambda";

import { correlationIdMaxLength, correlationIdPattern } from "./api-document.ts";
import { Unavailable } from "./database/failures.ts";
import { type Answer, type ProxyResult, toProxyResult } from "./http/answer.ts";
import { readJson } from "./http/body.ts";
import type { Handlers } from "./http/handler.ts";
import { identify, type TokenRules } from "./http/identity.ts";
import { Problem } from "./http/problem.ts";
import { type Request, toRequest } from "./http/request.ts";
import { match } from "./http/router.ts";
import { checkBody, readParameters } from "./http/validation.ts";
import { describeError, logger } from "./logging.ts";
import { count, publishMetrics } from "./metrics.ts";
import { type Reason, Refusal } from "./shop/refusal.ts";

const RETRY_AFTER_SECONDS = 5;

const STATUS: Readonly<Record<Reason, number>> = {
  invalid: 400,
  conflict: 409,
  outdated: 412,
  // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header
  "key-reused": 422,
};

export type Application = (event: unknown, context: Context) => Promise<ProxyResult>;

/** Makes the function's handler. */
export const makeApplication = ({
  handlers,
  tokenRules,
}: {
  handlers: Handlers;
  tokenRules: TokenRules;
}): Application => {
  const handle = async (request: Request): Promise<Answer> => {
    const { operation, pathParameters } = match(request.method, request.path);
    logger.appendKeys({ operation: operation.id });
    const { scope, body: schema } = operation;
    const owner =
      scope === undefined
        ? ""
        : identify(request.claims, { scope, rules: tokenRules, now: Date.now() });
    const parameters = readParameters(operation, {
      path: pathParameters,
      query: request.query,
      header: request.headers,
    });
    const body = schema === undefined ? undefined : readJson(request);
    if (schema !== undefined) checkBody(schema, body);
    const handler = handlers[operation.id];
    if (handler === undefined) throw new Error(`the operation ${operation.id} has no handler`);
    return handler({ parameters, body, owner });
  };

  return async (event, context) => {
    const started = performance.now();
    let correlationId = context.awsRequestId;
    let request: Request | undefined;
    let answer: Answer;
    logger.resetKeys();
    logger.addContext(context);
    try {
      request = toRequest(event);
      correlationId = findCorrelationId(request) ?? correlationId;
      logger.appendKeys({ correlationId });
      answer = await handle(request);
    } catch (error) {
      answer = toProblem(error).toAnswer(correlationId);
    }
    logger.info("answered the request", {
      source: request?.source,
      method: request?.method,
      path: request?.path,
      status: answer.status,
      milliseconds: Math.round(performance.now() - started),
    });
    publishMetrics();
    return toProxyResult(answer, { correlationId, withBody: request?.method !== "HEAD" });
  };
};

/** Returns the client's correlation id if it is well-formed, otherwise the gateway's request id. */
const findCorrelationId = ({ headers, requestId }: Request): string | undefined => {
  const given = headers["x-correlation-id"] ?? "";
  const wellFormed = given.length <= correlationIdMaxLength && correlationIdPattern.test(given);
  return wellFormed ? given : requestId;
};

/** Returns the part of an error that the client may see; the log gets the whole error. */
const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) {
    return new Problem(STATUS[error.reason], error.message, { errors: error.faults });
  }
  if (error instanceof Unavailable) {
    logger.error("the database is unavailable", { error: describeError(error) });
    count("DatabaseUnavailable");
    return new Problem(503, "The database does not answer at the moment; try again.", {
      headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
    });
  }
  logger.error("an unexpected error occurred", { error: describeError(error) });
  return new Problem(500, "An unexpected error occurred; its correlation id is in the logs.");
};
