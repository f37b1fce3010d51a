/**
 * Loads a bundle as Lambda does and invokes its handler, for the tests in Python
 * (`tests/image/node_function.py`).
 *
 * Each line of the input is an invocation, `{"id": ..., "event": ...}`. All run concurrently.
 * The output has log lines, and for each invocation a line `=> {"id": ..., "result": ...}`, or with
 * `error` instead of `result`.
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [bundle = ""] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(bundle);

const invoke = async (line: string): Promise<void> => {
  const { id, event } = JSON.parse(line);
  const context = { awsRequestId: String(id), getRemainingTimeInMillis: () => 300_000 };
  const outcome = await handler(event, context).then(
    (result: unknown) => ({ result }),
    (error: Error) => ({ error: error.message }),
  );
  process.stdout.write(`=> ${JSON.stringify({ id, ...outcome })}\n`);
};

createInterface({ input: process.stdin }).on("line", (line) => void invoke(line));
