/** Proxy events of API Gateway and load balancers: read alike, and answered in a form for both. */

import "../support/silent-logs.ts";

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { makeApplication } from "../../src/application.ts";
import type { Call } from "../../src/http/handler.ts";
import { context, TOKEN_RULES } from "../support/client.ts";

const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), "utf8"));

const calls: Call[] = [];
const record = async (call: Call) => {
  calls.push(call);
  return { status: 200, body: { status: "ok" } };
};
const application = makeApplication({
  tokenRules: TOKEN_RULES,
  handlers: { getHealth: record, listProducts: record, createOrder: record },
});

const send = async (event: unknown) => {
  calls.length = 0;
  const answer = await application(event, context);
  return { answer, call: calls[0] };
};

for (const name of ["api-gateway", "load-balancer", "load-balancer-multi-value"]) {
  test(`${name}: query and headers are decoded, with the last of several values`, async () => {
    const { answer, call } = await send(recorded(name));

    assert.deepEqual(call?.parameters, { limit: 5, q: '50% "first flush" + grün' });
    assert.equal(answer.headers["x-correlation-id"], "visit-42");
  });

  test(`${name}: the answer has both forms of headers`, async () => {
    const { answer } = await send(recorded(name));

    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.deepEqual(answer.multiValueHeaders["content-type"], ["application/json"]);
    assert.equal(answer.isBase64Encoded, false);
    assert.deepEqual(JSON.parse(answer.body), { status: "ok" });
  });
}

test("a base64 body is decoded, and the token's claims are read", async () => {
  const { call } = await send(recorded("api-gateway-order-base64"));

  assert.deepEqual(call?.body, {
    lines: [{ productId: "3b41db3f-57e3-4b0e-8a4e-5d4c0d3a1b2c", quantity: 2 }],
  });
  assert.equal(call?.owner, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
});

test("a load balancer's health check is answered", async () => {
  const { answer } = await send(recorded("load-balancer-health-check"));

  assert.equal(answer.statusCode, 200);
});

test("a malformed percent-encoding in the query is refused", async () => {
  const event = { ...recorded("load-balancer"), queryStringParameters: { q: "100%" } };

  const { answer, call } = await send(event);

  assert.equal(answer.statusCode, 400);
  assert.equal(call, undefined);
});

test("a request through a load balancer has no claims", async () => {
  const { requestContext } = recorded("load-balancer");
  const event = { ...recorded("api-gateway-order-base64"), requestContext };

  const { answer, call } = await send(event);

  assert.equal(answer.statusCode, 401);
  assert.equal(answer.headers["www-authenticate"], "Bearer");
  assert.equal(call, undefined);
});

for (const event of [
  undefined,
  null,
  "",
  "text",
  0,
  true,
  [],
  {},
  { httpMethod: "GET" },
  { path: "/health" },
  { httpMethod: "GET", path: null },
  { httpMethod: {}, path: ["/health"] },
  { httpMethod: "GET", path: "/health", requestContext: null, headers: null },
  { Records: [{ eventSource: "aws:sqs" }] },
]) {
  test(`any event gets an answer: ${JSON.stringify(event)}`, async () => {
    const { answer } = await send(event);

    const valid = (event as any)?.headers === null;
    assert.equal(answer.statusCode, valid ? 200 : 400);
  });
}
