/** Requests that do not match the API's document are refused before any operation runs. */

import "../support/silent-logs.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeApplication } from "../../src/application.ts";
import { customer, makeClient, type Sent, staff, TOKEN_RULES } from "../support/client.ts";
import { documented } from "../support/contract.ts";

const ID = "3b41db3f-57e3-4b0e-8a4e-5d4c0d3a1b2c";
const unreachable = async () => assert.fail("the operation ran");
const handlers = {
  ...Object.fromEntries(documented.map(({ operation }) => [operation.operationId, unreachable])),
  getHealth: async () => ({ status: 200, body: { status: "ok" } }),
};
const send = makeClient(makeApplication({ handlers, tokenRules: TOKEN_RULES }));

const product = {
  sku: "CUP-1",
  name: "Cup",
  category: "cups",
  price: { amountCents: 100, currency: "EUR" },
  stock: 1,
};
const order = { lines: [{ productId: ID, quantity: 1 }] };
const jane = customer("jane");
/** The pointers and parameters that a problem names. */
const faultsOf = ({ errors }: { errors: { pointer?: string; parameter?: string }[] }) =>
  [...new Set(errors.map(({ pointer, parameter }) => pointer ?? parameter))].sort();
const idempotent = { "Idempotency-Key": "key-12345678" };

test("HEAD answers as GET does, without a body", async () => {
  const get = await send("GET", "/health");
  const head = await send("HEAD", "/health");

  assert.equal(head.status, 200);
  assert.equal(head.body, undefined);
  assert.deepEqual(head.headers, get.headers);
});

for (const path of ["/", "/health/", "/health/more", "/catalog", `/orders/${ID}/cancel/now`]) {
  test(`the unknown path ${path} is a 404`, async () => {
    assert.equal((await send("GET", path)).status, 404);
  });
}

for (const [method, path, allow] of [
  ["POST", "/health", "GET, HEAD"],
  ["GET", "/orders", "POST"],
  ["DELETE", `/products/${ID}`, "PATCH"],
  ["OPTIONS", "/catalog/products", "GET, HEAD"],
  ["HEAD", "/products", "POST"],
] as const) {
  test(`${path} refuses ${method} with 405`, async () => {
    const { status, headers } = await send(method, path);

    assert.equal(status, 405);
    assert.equal(headers.allow, allow);
  });
}

for (const [what, query, parameter] of [
  ["a limit that is not a number", { limit: "many" }, "limit"],
  ["a fractional limit", { limit: "1.5" }, "limit"],
  ["a limit of zero", { limit: "0" }, "limit"],
  ["a limit above 100", { limit: "101" }, "limit"],
  ["an empty limit", { limit: "" }, "limit"],
  ["an empty category", { category: "" }, "category"],
  ["a category with quotes", { category: "Tea'--" }, "category"],
  ["an empty text", { q: "" }, "q"],
  ["a long text", { q: "x".repeat(101) }, "q"],
  ["a null character", { q: "\u0000" }, "q"],
  ["a cursor that is not base64url", { cursor: "not/base64url" }, "cursor"],
] as const) {
  test(`a list refuses ${what}`, async () => {
    const { status, body } = await send("GET", "/catalog/products", { query });

    assert.equal(status, 400);
    assert.deepEqual(faultsOf(body), [parameter]);
  });
}

test("an id that is not a UUID is refused by name", async () => {
  const { status, body } = await send("GET", "/catalog/products/1;DROP");

  assert.equal(status, 400);
  assert.equal(body.errors[0].parameter, "id");
});

for (const [what, sent, status] of [
  ["another content type", { headers: { "Content-Type": "text/plain" } }, 415],
  ["no content type", { headers: { "Content-Type": "" } }, 415],
  ["a body of more than 64 KiB", { rawBody: `"${"x".repeat(64 * 1024)}"` }, 413],
  ["no body", { rawBody: "" }, 400],
  ["broken JSON", { rawBody: '{"lines":' }, 400],
] as const) {
  test(`an order with ${what} is refused with ${status}`, async () => {
    const headers = { ...idempotent, ...("headers" in sent && sent.headers) };

    const answer = await send("POST", "/orders", { body: order, ...sent, headers, claims: jane });

    assert.equal(answer.status, status);
  });
}

test("a base64 body that is not UTF-8 is refused", async () => {
  const application = makeApplication({ handlers, tokenRules: TOKEN_RULES });
  const event = {
    httpMethod: "POST",
    path: "/orders",
    headers: { "content-type": "application/json", ...idempotent },
    requestContext: { authorizer: { claims: jane } },
    body: Buffer.from([0x22, 0xff, 0x22]).toString("base64"),
    isBase64Encoded: true,
  };

  const answer = await application(event, { awsRequestId: "1" } as any);

  assert.equal(answer.statusCode, 400);
});

for (const [what, body, pointers] of [
  ["an array as its body", [], [""]],
  ["no lines", { lines: [] }, ["/lines"]],
  ["too many lines", { lines: Array(51).fill(order.lines[0]) }, ["/lines"]],
  ["a quantity of zero", { lines: [{ productId: ID, quantity: 0 }] }, ["/lines/0/quantity"]],
  ["a fractional quantity", { lines: [{ productId: ID, quantity: 0.5 }] }, ["/lines/0/quantity"]],
  ["a quantity in quotes", { lines: [{ productId: ID, quantity: "1" }] }, ["/lines/0/quantity"]],
  ["a price in its line", { lines: [{ ...order.lines[0], price: 1 }] }, ["/lines/0"]],
  ["a __proto__ key", JSON.parse('{"lines":[],"__proto__":{}}'), ["", "/lines"]],
  [
    "two faults",
    { lines: [{ productId: "x", quantity: -1 }] },
    ["/lines/0/productId", "/lines/0/quantity"],
  ],
] as const) {
  test(`an order with ${what} is refused, and the fault is located`, async () => {
    const answer = await send("POST", "/orders", { body, headers: idempotent, claims: jane });

    assert.equal(answer.status, 400);
    assert.deepEqual(faultsOf(answer.body), pointers);
  });
}

for (const [what, change, pointer] of [
  ["a negative price", { price: { amountCents: -1, currency: "EUR" } }, "/price/amountCents"],
  ["a fractional price", { price: { amountCents: 0.5, currency: "EUR" } }, "/price/amountCents"],
  ["a currency without cents", { price: { amountCents: 1, currency: "JPY" } }, "/price/currency"],
  ["a blank name", { name: " " }, "/name"],
  ["a null character", { description: "a\u0000b" }, "/description"],
  ["a lower-case article number", { sku: "cup" }, "/sku"],
] as const) {
  test(`a product with ${what} is refused`, async () => {
    const sent: Sent = { body: { ...product, ...change }, claims: staff };

    const { status, body } = await send("POST", "/products", sent);

    assert.equal(status, 400);
    assert.deepEqual(faultsOf(body), [pointer]);
  });
}

test("an empty change is refused", async () => {
  assert.equal((await send("PATCH", `/products/${ID}`, { body: {}, claims: staff })).status, 400);
});

test("a request with very many faults gets a short answer", async () => {
  const lines = Array(2000).fill({});

  const { status, body } = await send("POST", "/orders", {
    body: { lines },
    headers: idempotent,
    claims: jane,
  });

  assert.equal(status, 400);
  assert.ok(body.errors.length <= 20);
});

for (const key of [undefined, "short", "x".repeat(129), "with space", "grün-grün"]) {
  test(`an order with the idempotency key ${key} is refused`, async () => {
    const headers = key === undefined ? {} : { "Idempotency-Key": key };

    const { status, body } = await send("POST", "/orders", { body: order, headers, claims: jane });

    assert.equal(status, 400);
    assert.deepEqual(faultsOf(body), ["Idempotency-Key"]);
  });
}
