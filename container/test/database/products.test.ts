/** Products: how staff add and change them. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";

import { customer, staff } from "../support/client.ts";
import { addProduct, administer, send, sql } from "../support/functions.ts";

before(() => administer({ action: "migrate" }));

const product = () => ({
  sku: randomUUID().toUpperCase(),
  name: "Grüner Becher 🍵",
  description: "First line\nSecond line",
  category: "cups",
  price: { amountCents: 100_000_000, currency: "CHF" },
  stock: 0,
});
const patch = (id: string, body: object, etag?: string) =>
  send("PATCH", `/products/${id}`, {
    body,
    claims: staff,
    ...(etag && { headers: { "If-Match": etag } }),
  });

test("a new product is in the catalogue, at the address in its Location header", async () => {
  const body = product();

  const created = await send("POST", "/products", { body, claims: staff });

  assert.equal(created.status, 201);
  const { id, createdAt, updatedAt, ...rest } = created.body;
  assert.deepEqual(rest, body);
  assert.equal(createdAt, updatedAt);
  const found = await send("GET", created.headers.location ?? "");
  assert.deepEqual(found.body, created.body);
  assert.equal(found.headers.etag, created.headers.etag);
});

test("of concurrent requests with the same article number, one adds a product", async () => {
  const body = product();

  const answers = await Promise.all(
    Array.from({ length: 5 }, () => send("POST", "/products", { body, claims: staff })),
  );

  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);
  const problem = answers.find(({ status }) => status === 409)?.body;
  assert.equal(problem.errors[0].pointer, "/sku");
});

test("a change leaves the other fields as they are", async () => {
  const before = await addProduct({ name: "Old", description: "Kept" });

  const { status, body } = await patch(before.id, { name: "New", stock: 3 });

  assert.equal(status, 200);
  const { updatedAt } = body;
  assert.deepEqual(body, { ...before, name: "New", stock: 3, updatedAt });
  assert.ok(updatedAt > before.updatedAt);
  assert.deepEqual((await send("GET", `/catalog/products/${before.id}`)).body, body);
});

test("of concurrent changes from the same version, one succeeds", async () => {
  const { id } = await addProduct();
  const { etag } = (await send("GET", `/catalog/products/${id}`)).headers;

  const answers = await Promise.all([1, 2, 3, 4].map((stock) => patch(id, { stock }, etag)));

  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412, 412]);
  assert.equal((await patch(id, { stock: 5 }, "*")).status, 200);
});

test("a missing product cannot be changed", async () => {
  assert.equal((await patch(randomUUID(), { stock: 1 })).status, 404);
});

test("customers cannot add products", async () => {
  const [{ count: before }] = await sql("SELECT count(*) FROM shop.products");

  const anonymous = await send("POST", "/products", { body: product() });
  const jane = customer("jane", { scope: "shop/products.write" });
  const outsider = await send("POST", "/products", { body: product(), claims: jane });

  assert.equal(anonymous.status, 401);
  assert.equal(outsider.status, 403);
  assert.deepEqual(await sql("SELECT count(*) FROM shop.products"), [{ count: before }]);
});
