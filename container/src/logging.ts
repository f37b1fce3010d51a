/** Structured JSON logs; the level and the service's name come from the environment. */

import { Logger } from "@aws-lambda-powertools/logger";

export const logger = new Logger();

/**
 * What may be logged of an error.
 *
 * Never the error itself: the logger would print every attribute, and the database driver's errors
 * carry rows (`detail`) and even the client that was used.
 */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...("code" in error && { code: error.code }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
};
