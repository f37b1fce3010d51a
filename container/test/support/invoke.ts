/**
 * Loads a bundle as Lambda does and invokes its handler, for tests that are written elsewhere.
 *
 * Each line of the input is `{"id": ..., "event": ...}`; all run at the same time. Each gives,
 * among what is logged, a line `=> {"id": ..., "result": ...}`, or `error` in place of `result`.
 */

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [bundle = ""] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(bundle);

const invoke = async (line: string): Promise<void> => {
  const { id, event } = JSON.parse(line);
  const outcome = await handler(event, { awsRequestId: String(id) }).then(
    (result: unknown) => ({ result }),
    (error: Error) => ({ error: error.message }),
  );
  process.stdout.write(`=> ${JSON.stringify({ id, ...outcome })}\n`);
};

createInterface({ input: process.stdin }).on("line", (line) => void invoke(line));
