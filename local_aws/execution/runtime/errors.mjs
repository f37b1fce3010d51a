// Errors as Lambda's Node.js runtime reports them.

/** An error of the runtime itself; its type starts with `Runtime.`. */
export function runtimeError(type, reason) {
  const error = new Error(String(reason), { cause: reason });
  error.name = `Runtime.${type}`;
  return error;
}

/** Return the body that the Runtime API takes and the invoker gets. */
export function errorBody(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}
