/** Reads the JSON body of a request. */

import { Problem } from "./problem.ts";
import type { Request } from "./request.ts";

/** Several times the largest body that the schemas allow, and far below Lambda's own limit. */
const MAX_BYTES = 64 * 1024;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws Problem 413, 415 or 400. */
export const readJson = (request: Request): unknown => {
  const { rawBody, isBase64Encoded, headers } = request;
  const bytes = Buffer.byteLength(rawBody, isBase64Encoded ? "base64" : "utf8");
  if (bytes > MAX_BYTES) {
    throw new Problem(413, `The body has ${bytes} bytes; at most ${MAX_BYTES} are accepted.`);
  }
  const mediaType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new Problem(415, "Send the body as content-type application/json.");
  }
  try {
    const text = isBase64Encoded ? strictUtf8.decode(Buffer.from(rawBody, "base64")) : rawBody;
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "The body is not valid JSON.", {
      errors: [{ pointer: "", message: "must be valid JSON in UTF-8" }],
    });
  }
};
