/** Answers each event, a line of JSON, with what the edge function makes of it, a line of JSON. */
import { createInterface } from "node:readline";

import { handler } from "../../modules/edge/function/viewer-request.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { result: await handler(JSON.parse(line)) };
  } catch (error) {
    answer = { thrown: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
