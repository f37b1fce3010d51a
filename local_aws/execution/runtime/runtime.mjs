// The runtime of an execution environment: loads the handler, then answers one event after another.
import { logError, replaceConsole, setRequestId } from "./console.mjs";
import { errorBody, runtimeError } from "./errors.mjs";
import { loadHandler } from "./handler.mjs";
import { call } from "./runtime_api.mjs";

// In Lambda the command line has no arguments, so the function's code must not see any.
process.argv.length = 2;
replaceConsole();

const { env } = process;
let errorPath = "/init/error"; // the path for error reports; undefined between two events
let rejectCurrent; // fails the current event from outside the handler

function reportError(error) {
  const body = errorBody(error);
  return call("POST", errorPath, {
    body: JSON.stringify(body),
    headers: { "Lambda-Runtime-Function-Error-Type": body.errorType },
  });
}

async function fail(title, error, status) {
  logError(title, error);
  if (errorPath !== undefined) {
    await reportError(error);
  }
  process.exit(status);
}

process.on("uncaughtException", (error) => fail("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => {
  const error = runtimeError("UnhandledPromiseRejection", reason);
  return fail("Unhandled Promise Rejection", error, 128);
});
process.on("beforeExit", () => {
  rejectCurrent?.(runtimeError("NodeJsExit", "The event loop is empty, the handler has not ended"));
});

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** Run the handler. As in Lambda, the result of a handler without a promise is ignored. */
async function handle(handler, body, headers) {
  const interrupted = new Promise((_resolve, reject) => {
    rejectCurrent = reject;
  });
  const returned = handler(JSON.parse(body), contextOf(headers));
  const result = typeof returned?.then === "function" ? returned : null;
  return JSON.stringify((await Promise.race([result, interrupted])) ?? null);
}

async function answerNext(handler) {
  errorPath = undefined;
  const { headers, body } = await call("GET", "/invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  errorPath = `/invocation/${id}/error`;
  env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  setRequestId(id);
  try {
    const answer = await handle(handler, body, headers);
    await call("POST", `/invocation/${id}/response`, { body: answer });
  } catch (error) {
    logError("Invoke Error", error);
    await reportError(error);
  }
  rejectCurrent = undefined;
}

let handler;
try {
  handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER);
} catch (error) {
  await fail("Init Error", error, 1);
}
for (;;) {
  await answerNext(handler);
}
