// Replaces `console` as Lambda's managed Node.js runtime does: each message is a line of JSON or
// text with time, request id and level. Other output to stdout or stderr stays as it is.
import { format } from "node:util";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const METHODS = {
  trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR",
  fatal: "FATAL",
};
const isJson = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";

let requestId;

export function setRequestId(id) {
  requestId = id;
}

export function replaceConsole() {
  const lowest = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL); // not set: all levels
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] =
      LEVELS.indexOf(level) < lowest ? () => {} : (...parameters) => write(level, parameters);
  }
}

export function logError(title, error) {
  if (isJson) {
    console.error(error instanceof Error ? error : new Error(String(error)));
  } else {
    console.error(title, `\t${JSON.stringify(error, describeErrors)}`);
  }
}

function write(level, parameters) {
  const timestamp = new Date().toISOString();
  const line = isJson
    ? json({ timestamp, level, requestId }, parameters)
    : [timestamp, requestId, level, format(...parameters)].join("\t");
  process.stdout.write(`${line.replaceAll("\n", "\r")}\n`); // a message is one line, and one event
}

function json(line, parameters) {
  if (parameters.length === 1) {
    try {
      return JSON.stringify({ ...line, message: parameters[0] }, describeErrors);
    } catch {
      // JSON cannot represent the message, so it is written as text below.
    }
  }
  const error = parameters.find((parameter) => parameter instanceof Error);
  return JSON.stringify({
    ...line, message: format(...parameters), ...(error && describeErrors("", error)),
  });
}

function describeErrors(_key, value) {
  return value instanceof Error
    ? {
        errorType: value.constructor.name, errorMessage: value.message,
        stackTrace: value.stack?.split("\n"), ...value,
      }
    : value;
}
