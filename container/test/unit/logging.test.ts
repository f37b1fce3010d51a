/** Logs, metrics and error answers: enough to diagnose a failure, and no secrets. */

process.env.POWERTOOLS_LOG_LEVEL = "DEBUG";
process.env.POWERTOOLS_SERVICE_NAME = "api";
process.env.POWERTOOLS_METRICS_NAMESPACE = "Shop";

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Unavailable } from "../../src/database/failures.ts";
import { customer, makeClient, type Sent, TOKEN_RULES } from "../support/client.ts";

// Imported only now, because logger and metrics read the environment when they are loaded.
const { makeApplication } = await import("../../src/application.ts");

const ID = "3b41db3f-57e3-4b0e-8a4e-5d4c0d3a1b2c";

const lost = Object.assign(new Error("password authentication failed for api_1"), {
  code: "28P01",
  client: { password: "the-password" },
});
const failures: Record<string, Error> = {
  getHealth: new TypeError("cannot read /var/task/api.cjs"),
  createOrder: Object.assign(new Error("duplicate key"), { detail: "Key (owner)=(jane) exists." }),
  getReadiness: new Unavailable("there is no connection", { cause: lost, connectionLost: true }),
};
const handlers = Object.fromEntries(
  Object.entries(failures).map(([id, error]) => [id, () => Promise.reject(error)]),
);
const send = makeClient(makeApplication({ handlers, tokenRules: TOKEN_RULES }));

/** Sends a request and returns its answer and the lines that were logged. */
const observe = async (method: string, path: string, sent: Sent = {}) => {
  const lines: string[] = [];
  const keep = (line: unknown) => lines.push(String(line)) > 0;
  const writes = [process.stdout, process.stderr].map((stream) =>
    mock.method(stream, "write", keep),
  );
  try {
    return { answer: await send(method, path, sent), lines: lines.map((line) => JSON.parse(line)) };
  } finally {
    for (const write of writes) write.mock.restore();
  }
};

test("an unexpected error is logged in full; the client sees no detail of it", async () => {
  const { answer, lines } = await observe("GET", "/health");

  assert.equal(answer.status, 500);
  assert.ok(!JSON.stringify(answer).includes("/var/task"));
  const [error, answered] = lines;
  assert.equal(error.level, "ERROR");
  assert.match(error.error.message, /cannot read/);
  assert.match(error.error.stack, /logging\.test\.ts/);
  assert.equal(answered.status, 500);
  assert.equal(answered.operation, "getHealth");
});

test("an unavailable database is a 503 with Retry-After, counted and logged", async () => {
  const { answer, lines } = await observe("GET", "/health/ready");

  assert.equal(answer.status, 503);
  assert.match(answer.headers["retry-after"] ?? "", /^\d+$/);
  const [error, , metric] = lines;
  assert.equal(error.error.cause.code, "28P01");
  assert.equal(metric.DatabaseUnavailable, 1);
  assert.deepEqual(metric._aws.CloudWatchMetrics[0], {
    Namespace: "Shop",
    Dimensions: [["service"]],
    Metrics: [{ Name: "DatabaseUnavailable", Unit: "Count" }],
  });
});

test("bodies, tokens and the attributes of database errors are not logged", async () => {
  const order = await observe("POST", "/orders", {
    body: { lines: [{ productId: ID, quantity: 1 }] },
    headers: { Authorization: "Bearer the-token", "Idempotency-Key": "the-idempotency-key" },
    claims: customer("jane@example.org"),
  });
  const ready = await observe("GET", "/health/ready", { query: { q: "the-query" } });

  const text = JSON.stringify([...order.lines, ...ready.lines]);
  for (const secret of ["the-", "jane", ID]) assert.ok(!text.includes(secret), secret);
});

for (const [given, expected] of [
  ["visit-42.a_B", "visit-42.a_B"],
  [undefined, "gateway-request"],
  ["", "gateway-request"],
  ["x".repeat(65), "gateway-request"],
  ['"},{"level":"ERROR', "gateway-request"],
] as const) {
  test(`the correlation id of a request with ${JSON.stringify(given)} is ${expected}`, async () => {
    const headers = given === undefined ? {} : { "X-Correlation-Id": given };

    const { answer, lines } = await observe("GET", "/nowhere", { headers });

    assert.equal(answer.headers["x-correlation-id"], expected);
    assert.equal(answer.body.correlationId, expected);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal(line.correlationId, expected);
  });
}
