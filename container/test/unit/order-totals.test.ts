/** Totals of orders: exact to the cent, up to the largest possible order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { lineTotal, orderTotal } from "../../src/shop/orders/order.ts";
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

const totalOf = (lines: any) =>
  orderTotal({ id: "1", lines, createdAt: new Date(), cancelledAt: null });

test("an order's total is the exact sum of its lines", () => {
  const lines = fc.array(line, { minLength: 1, maxLength: NewOrder.properties.lines.maxItems });
  fc.assert(
    fc.property(lines, (given) => {
      const expected = given.map((one) => BigInt(one.quantity) * BigInt(one.unitPrice.amountCents));
      const total = totalOf(given);
      assert.deepEqual(
        given.map((one) => BigInt(lineTotal(one).amountCents)),
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

  const { amountCents } = totalOf(Array(NewOrder.properties.lines.maxItems).fill(largest));

  assert.ok(Number.isSafeInteger(amountCents));
});
