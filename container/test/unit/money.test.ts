/** Totals of orders are exact, to the cent, up to the largest order there can be. */

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { toOrder } from "../../src/shop/order.ts";
import { document } from "../support/contract.ts";

const { NewOrder, NewOrderLine, Price } = document.components.schemas;
const { maximum: maxQuantity } = NewOrderLine.properties.quantity;
const { maximum: maxPrice } = Price.properties.amountCents;

const line = fc.record({
  productId: fc.uuid(),
  sku: fc.constant("A"),
  name: fc.constant("A"),
  quantity: fc.integer({ min: 1, max: maxQuantity }),
  unitPrice: fc.record({
    amountCents: fc.integer({ min: 0, max: maxPrice }),
    currency: fc.constant("EUR"),
  }),
});

const order = (lines: any[]): any =>
  toOrder({ id: "1", lines, createdAt: new Date(), cancelledAt: null });

test("an order's total is the exact sum of its lines", () => {
  const lines = fc.array(line, { minLength: 1, maxLength: NewOrder.properties.lines.maxItems });
  fc.assert(
    fc.property(lines, (given) => {
      const expected = given.map((one) => BigInt(one.quantity) * BigInt(one.unitPrice.amountCents));
      const { lines: priced, total } = order(given);
      assert.deepEqual(
        priced.map((one: any) => BigInt(one.total.amountCents)),
        expected,
      );
      assert.equal(
        BigInt(total.amountCents),
        expected.reduce((sum, cents) => sum + cents, 0n),
      );
      assert.equal(total.currency, "EUR");
    }),
  );
});

test("the largest order's total is an exact integer", () => {
  const largest = {
    productId: "1",
    sku: "A",
    name: "A",
    quantity: maxQuantity,
    unitPrice: { amountCents: maxPrice, currency: "EUR" },
  };

  const { total } = order(Array(NewOrder.properties.lines.maxItems).fill(largest));

  assert.ok(Number.isSafeInteger(total.amountCents));
});
