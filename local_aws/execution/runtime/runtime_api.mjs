// A client of the Lambda Runtime API (Lambda Developer Guide, Using the Lambda runtime API for
// custom runtimes).
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Call the API and return headers and body. The process ends when the API is gone. */
export function call(method, path, { body = "", headers = {} } = {}) {
  return new Promise((resolve) => {
    const outgoing = request(
      `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime${path}`,
      { agent, method, headers: { ...headers, "Content-Length": Buffer.byteLength(body) } },
      (incoming) => {
        const chunks = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("end", () => resolve({ headers: incoming.headers, body: Buffer.concat(chunks) }));
        incoming.on("error", () => process.exit());
      },
    );
    outgoing.on("error", () => process.exit());
    outgoing.end(body);
  });
}
