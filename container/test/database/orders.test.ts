/** Orders: stock and money add up, also under concurrent requests. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";

import fc from "fast-check";

import { customer, staff } from "../support/client.ts";
import { addProduct, administer, send, sql, stockOf } from "../support/functions.ts";

before(() => administer({ action: "migrate" }));

const jane = customer("jane");
const john = customer("john");

interface Line {
  readonly productId: string;
  readonly quantity: number;
}

const order = (lines: readonly Line[], { claims = jane, key = randomUUID() as string } = {}) =>
  send("POST", "/orders", { body: { lines }, headers: { "Idempotency-Key": key }, claims });
const cancel = (id: string, claims = jane) => send("POST", `/orders/${id}/cancel`, { claims });
const show = (id: string, claims = jane) => send("GET", `/orders/${id}`, { claims });

const times = <Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

test("an order takes its lines from the stock and has the prices of the database", async () => {
  const tea = await addProduct({
    name: "Tea",
    stock: 10,
    price: { amountCents: 1290, currency: "EUR" },
  });
  const cup = await addProduct({
    name: "Cup",
    stock: 5,
    price: { amountCents: 5, currency: "EUR" },
  });

  const { status, body, headers } = await order([
    { productId: tea.id, quantity: 3 },
    { productId: cup.id, quantity: 5 },
  ]);

  assert.equal(status, 201);
  const { id, createdAt, ...rest } = body;
  assert.deepEqual(rest, {
    status: "placed",
    lines: [
      {
        productId: tea.id,
        sku: tea.sku,
        name: "Tea",
        quantity: 3,
        unitPrice: tea.price,
        total: { amountCents: 3870, currency: "EUR" },
      },
      {
        productId: cup.id,
        sku: cup.sku,
        name: "Cup",
        quantity: 5,
        unitPrice: cup.price,
        total: { amountCents: 25, currency: "EUR" },
      },
    ],
    total: { amountCents: 3895, currency: "EUR" },
  });
  assert.equal(await stockOf(tea.id), 7);
  assert.equal(await stockOf(cup.id), 0);
  assert.deepEqual((await send("GET", headers.location ?? "", { claims: jane })).body, body);
});

test("an order stays as it was placed when prices and names change", async () => {
  const { id: productId } = await addProduct({ name: "Cup" });
  const { body: placed } = await order([{ productId, quantity: 1 }]);

  const change = { name: "Mug", price: { amountCents: 7, currency: "USD" } };
  await send("PATCH", `/products/${productId}`, { body: change, claims: staff });

  assert.deepEqual((await show(placed.id)).body, placed);
});

test("an order with one line short of stock takes nothing and names the line", async () => {
  const plenty = await addProduct({ stock: 10 });
  const scarce = await addProduct({ stock: 1 });

  const { status, body } = await order([
    { productId: plenty.id, quantity: 2 },
    { productId: scarce.id, quantity: 2 },
  ]);

  assert.equal(status, 409);
  assert.deepEqual(body.errors, [
    { pointer: "/lines/1/quantity", message: "asks for 2 where 1 are left" },
  ]);
  assert.equal(await stockOf(plenty.id), 10);
  assert.equal(await stockOf(scarce.id), 1);
});

test("an order that is refused names the faulty lines", async () => {
  const euro = await addProduct();
  const dollar = await addProduct({ price: { amountCents: 1, currency: "USD" } });
  const line = (productId: string) => ({ productId, quantity: 1 });

  for (const lines of [
    [line(euro.id), line(randomUUID())],
    [line(euro.id), line(dollar.id)],
    [line(euro.id), line(euro.id)],
  ]) {
    const { status, body } = await order(lines);
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map(({ pointer }: any) => pointer),
      ["/lines/1/productId"],
    );
  }
  assert.equal(await stockOf(euro.id), 10);
});

test("parallel orders for the last pieces sell exactly the stock", async () => {
  const stock = 7;
  const products = await times(3, () => addProduct({ stock }));

  // The orders list their products in different sequences, which could deadlock.
  const answers = await times(60, (index) => {
    const lines = products.map(({ id: productId }) => ({ productId, quantity: 1 }));
    const turned = [...lines.slice(index % 3), ...lines.slice(0, index % 3)];
    return order(index % 2 ? turned : turned.reverse(), { claims: customer(`customer-${index}`) });
  });

  const statuses = answers.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 201).length, stock);
  assert.equal(statuses.filter((status) => status === 409).length, 60 - stock);
  for (const { id } of products) assert.equal(await stockOf(id), 0);
});

test("stock and orders add up after any mix of parallel orders and cancellations", async () => {
  const quantities = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 15 }), quantities, async (stock, wanted) => {
      const { id: productId } = await addProduct({ stock });

      await Promise.all(
        wanted.map(async (quantity, index) => {
          const { status, body } = await order([{ productId, quantity }]);
          if (status === 201 && index % 3 === 0) await cancel(body.id);
        }),
      );

      const [{ sold }] = await sql(
        `SELECT COALESCE(sum(quantity), 0)::int AS sold
         FROM shop.order_lines l JOIN shop.orders o ON o.id = l.order_id
         WHERE product_id = $1 AND cancelled_at IS NULL`,
        [productId],
      );
      assert.equal((await stockOf(productId)) + sold, stock);
    }),
    { numRuns: 15 },
  );
});

test("a repeated request returns the same order and takes from the stock once", async () => {
  const { id: productId } = await addProduct({ stock: 10 });
  const key = randomUUID();

  const first = await order([{ productId, quantity: 10 }], { key });
  const again = await order([{ productId, quantity: 10 }], { key });

  assert.deepEqual(again, first);
  assert.equal(await stockOf(productId), 0);
});

test("many identical requests at once place one order", async () => {
  const { id: productId } = await addProduct({ stock: 3 });
  const key = randomUUID();

  const answers = await times(12, () => order([{ productId, quantity: 3 }], { key }));

  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 201);
  assert.equal(await stockOf(productId), 0);
});

test("a key belongs to one request of one customer", async () => {
  const { id: productId } = await addProduct({ stock: 10 });
  const key = randomUUID();
  await order([{ productId, quantity: 1 }], { key });

  const other = await order([{ productId, quantity: 2 }], { key });
  const johns = await order([{ productId, quantity: 2 }], { key, claims: john });

  assert.equal(other.status, 422);
  assert.equal(johns.status, 201);
  assert.equal(await stockOf(productId), 7);
});

test("the key of a refused order can be used again", async () => {
  const { id: productId } = await addProduct({ stock: 0 });
  const key = randomUUID();
  assert.equal((await order([{ productId, quantity: 1 }], { key })).status, 409);

  await send("PATCH", `/products/${productId}`, { body: { stock: 1 }, claims: staff });

  assert.equal((await order([{ productId, quantity: 1 }], { key })).status, 201);
});

test("many cancellations at once return the pieces once", async () => {
  const { id: productId } = await addProduct({ stock: 5 });
  const { body: placed } = await order([{ productId, quantity: 2 }]);

  const answers = await times(8, () => cancel(placed.id));

  for (const { status, body } of answers) {
    assert.equal(status, 200);
    assert.deepEqual(body, { ...placed, status: "cancelled", cancelledAt: body.cancelledAt });
  }
  assert.equal(new Set(answers.map(({ body }) => body.cancelledAt)).size, 1);
  assert.equal(await stockOf(productId), 5);
});

test("only its owner can read and cancel an order", async () => {
  const { id: productId } = await addProduct({ stock: 5 });
  const { body: placed } = await order([{ productId, quantity: 2 }]);

  assert.equal((await show(placed.id, john)).status, 404);
  assert.equal((await cancel(placed.id, john)).status, 404);
  assert.equal((await send("GET", `/orders/${placed.id}`)).status, 401);
  assert.equal((await show(randomUUID())).status, 404);
  assert.equal((await cancel(randomUUID())).status, 404);

  assert.equal((await show(placed.id)).body.status, "placed");
  assert.equal(await stockOf(productId), 3);
});

test("orders with lines in opposite sequences and their cancellations never deadlock", async () => {
  const products = await times(4, () => addProduct({ stock: 1000 }));
  const lines = products.map(({ id: productId }) => ({ productId, quantity: 1 }));

  const answers = await times(40, async (index) => {
    const placed = await order(index % 2 ? lines : lines.toReversed());
    return [placed.status, (await cancel(placed.body.id)).status];
  });

  assert.deepEqual(new Set(answers.map(String)), new Set(["201,200"]));
  for (const { id } of products) assert.equal(await stockOf(id), 1000);
});
