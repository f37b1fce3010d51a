/** Cursors: each leads to the position that it was made from, and no other text is accepted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { Problem } from "../../src/http/problem.ts";
import { decodeCursor, encodeCursor } from "../../src/shop/products/cursor.ts";
import { document } from "../support/contract.ts";

/** Any text that PostgreSQL stores: all but the null character. */
const productName = fc
  .string({ minLength: 1, maxLength: 200, unit: "binary" })
  .filter((name) => !name.includes("\0"));
const position = fc
  .tuple(productName, fc.uuid())
  .map(([name, id]) => ({ name, id }));
const filter = fc.record({
  category: fc.option(fc.string(), { nil: undefined }),
  text: fc.option(fc.string(), { nil: undefined }),
});
const isRefused = (error: unknown) => error instanceof Problem && error.status === 400;

test("a cursor decodes to its position", () => {
  fc.assert(
    fc.property(position, filter, (where, within) => {
      assert.deepEqual(decodeCursor(encodeCursor(where, within), within), where);
    }),
  );
});

test("every cursor matches the API's document", () => {
  const { schema } = document.paths["/catalog/products"].get.parameters.find(
    ({ name }: any) => name === "cursor",
  );
  fc.assert(
    fc.property(position, filter, (where, within) => {
      const cursor = encodeCursor(where, within);
      assert.match(cursor, new RegExp(schema.pattern));
      assert.ok(cursor.length <= schema.maxLength);
    }),
  );
});

test("a changed cursor is refused", () => {
  fc.assert(
    fc.property(
      position,
      filter,
      fc.nat(),
      fc.base64String({ minLength: 1 }),
      (where, within, at, text) => {
        const cursor = encodeCursor(where, within);
        const index = at % cursor.length;
        const changed = cursor.slice(0, index) + text + cursor.slice(index + text.length);
        fc.pre(changed !== cursor);
        assert.throws(() => decodeCursor(changed, within), isRefused);
      },
    ),
  );
});

test("a cursor of another filter is refused", () => {
  fc.assert(
    fc.property(position, filter, filter, (where, one, other) => {
      fc.pre(one.category !== other.category || one.text !== other.text);
      assert.throws(() => decodeCursor(encodeCursor(where, one), other), isRefused);
    }),
  );
});

test("a text that is not a cursor is refused", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((text) => Buffer.from(text).toString("base64url")),
      ),
      (text) => {
        assert.throws(
          () => decodeCursor(text, { category: undefined, text: undefined }),
          isRefused,
        );
      },
    ),
  );
});

test("a forged cursor with a position that PostgreSQL would reject is refused", () => {
  const forged = [
    { name: "x", id: "nonsense" },
    { name: "\0", id: "00000000-0000-4000-8000-000000000000" },
  ];
  for (const where of forged) {
    const within = { category: undefined, text: undefined };
    assert.throws(() => decodeCursor(encodeCursor(where, within), within), isRefused);
  }
});
