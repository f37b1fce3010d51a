/** Structured JSON logs. Level and service name come from environment variables. */

import { Logger } from "@aws-lambda-powertools/logger";

export const logger = new Logger();

/**
 * Returns the parts of an error that may be logged.
 *
 * Never log the error itself: the logger prints every attribute, and the database driver's errors
 * contain rows (`detail`) and even the client with its password.
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
