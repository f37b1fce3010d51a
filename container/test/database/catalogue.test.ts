/** The catalogue: complete and sorted across pages, searchable and cacheable. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";

import fc from "fast-check";

import { customer } from "../support/client.ts";
import { addProduct, administer, send, sql } from "../support/functions.ts";

// Many products share few names, so that some pages end between products of the same name.
const NAMES = [
  "Tea",
  "tea",
  "Cup",
  "Çay",
  "çay",
  "  Cup",
  "Tea 10",
  "Tea 9",
  "茶",
  "🫖",
  '"',
  "\\",
];
const CATEGORIES = ["tea", "cups"];

before(async () => {
  await administer({ action: "migrate" });
  const count = 70;
  await sql(
    `INSERT INTO shop.products (id, sku, name, description, category, price_cents, currency, stock)
     SELECT id, upper(id::text), name, 'hot', category, 1, 'EUR', 1
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS p (id, name, category)`,
    [
      Array.from({ length: count }, () => randomUUID()),
      Array.from({ length: count }, (_, index) => NAMES[index % NAMES.length]),
      Array.from({ length: count }, (_, index) => CATEGORIES[(index * 7) % CATEGORIES.length]),
    ],
  );
});

/** Reads all pages and returns the ids in their order, and each page's length. */
const readAllPages = async (query: Record<string, string>) => {
  const ids: string[] = [];
  const lengths: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const { body } = await send("GET", "/catalog/products", {
      query: cursor === undefined ? query : { ...query, cursor },
    });
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    lengths.push(body.items.length);
    cursor = body.nextCursor;
    if (cursor === undefined) return { ids, lengths };
  }
};

test("all pages together list every product once and in order, whatever their size", async () => {
  const page = fc.record({
    limit: fc.integer({ min: 1, max: 100 }),
    category: fc.constantFrom(undefined, ...CATEGORIES),
    q: fc.constantFrom(undefined, "hot", "tea"),
  });
  await fc.assert(
    fc.asyncProperty(page, async ({ limit, category, q }) => {
      const query = { limit: String(limit), ...(category && { category }), ...(q && { q }) };
      const expected = await sql(
        `SELECT id FROM shop.products
         WHERE ($1::text IS NULL OR category = $1)
           AND ($2::text IS NULL OR $2 = 'hot' OR name ~* $2)
         ORDER BY name, id`,
        [category, q],
      );

      const { ids, lengths } = await readAllPages(query);

      assert.deepEqual(
        ids,
        expected.map(({ id }) => id),
      );
      for (const length of lengths.slice(0, -1)) assert.equal(length, limit);
    }),
    { numRuns: 30 },
  );
});

test("names are sorted as people expect, not by character code", async () => {
  const names = ["Çay", "cup", "tea", "Tea", "Tea 10", "tee"];
  for (const name of names.toReversed()) await addProduct({ name, category: "sorted" });

  const { body } = await send("GET", "/catalog/products", { query: { category: "sorted" } });

  assert.deepEqual(
    body.items.map(({ name }: { name: string }) => name),
    names,
  );
});

test("a page has 20 products by default", async () => {
  assert.equal((await send("GET", "/catalog/products")).body.items.length, 20);
});

test("a cursor is valid for its own filter only", async () => {
  const { body } = await send("GET", "/catalog/products", { query: { category: "tea" } });

  const query = { category: "cups", cursor: body.nextCursor };
  const { status, body: problem } = await send("GET", "/catalog/products", { query });

  assert.equal(status, 400);
  assert.equal(problem.errors[0].parameter, "cursor");
});

test("a search finds words in names and descriptions, in any form and order", async () => {
  const product = await addProduct({ name: "Walnut tray", description: "Carries two teapots." });

  for (const q of ["walnut", "TRAYS", "tray walnut", "teapot", '"walnut tray"', "tray -metal"]) {
    const { body } = await send("GET", "/catalog/products", { query: { q } });
    assert.deepEqual(body.items, [product], q);
  }
  for (const q of ["walnuts metal", '"tray walnut"', "tray -walnut", "waln%"]) {
    const { body } = await send("GET", "/catalog/products", { query: { q } });
    assert.deepEqual(body, { items: [] }, q);
  }
});

test("a search accepts any text without a null character", async () => {
  const text = fc.string({ minLength: 1, maxLength: 50, unit: "binary" });
  await fc.assert(
    fc.asyncProperty(text, async (q) => {
      const { status } = await send("GET", "/catalog/products", { query: { q } });
      assert.equal(status, q.includes("\u0000") ? 400 : 200);
    }),
  );
});

test("only answers of the catalogue may be cached", async () => {
  const { id } = await addProduct();
  const cacheControl = async (path: string) => (await send("GET", path)).headers["cache-control"];

  assert.equal(await cacheControl("/catalog/products"), "public, max-age=60");
  assert.equal(await cacheControl(`/catalog/products/${id}`), "public, max-age=60");
  assert.equal(await cacheControl(`/catalog/products/${randomUUID()}`), "no-store");
  assert.equal(await cacheControl("/health/ready"), "no-store");
});

test("a product is sent again only after it changed", async () => {
  const { id } = await addProduct({ stock: 2 });
  const path = `/catalog/products/${id}`;
  const { etag = "" } = (await send("GET", path)).headers;
  const again = (tag: string) => send("GET", path, { headers: { "If-None-Match": tag } });

  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    assert.equal((await again(tag)).status, 304, tag);
  }
  assert.equal((await again('"other"')).status, 200);

  const body = { lines: [{ productId: id, quantity: 1 }] };
  const headers = { "Idempotency-Key": randomUUID() };
  assert.equal(
    (await send("POST", "/orders", { body, headers, claims: customer("jane") })).status,
    201,
  );
  const changed = await again(etag);
  assert.equal(changed.status, 200);
  assert.equal(changed.body.stock, 1);
});
