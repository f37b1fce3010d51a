/** Places an order: one transaction takes all lines from the stock, or none. */

import { createHash, randomUUID } from "node:crypto";

import type { Endpoint, Query } from "../../database/endpoint.ts";
import { count } from "../../metrics.ts";
import { type Fault, type Reason, Refusal } from "../refusal.ts";
import { findOrder, type Order } from "./order.ts";

export interface NewOrder {
  readonly owner: string;
  /** Names the request, so that a repeated one does not place a second order. */
  readonly idempotencyKey: string;
  readonly lines: readonly NewOrderLine[];
}

export interface NewOrderLine {
  readonly productId: string;
  readonly quantity: number;
}

interface ProductOnSale {
  readonly id: string;
  readonly currency: string;
  readonly stock: number;
}

/**
 * Places an order, or finds the order that the same request placed before.
 *
 * @throws Refusal if a line cannot be ordered at all, if the stock is short, or if the owner used
 *   the key for another order.
 */
export const placeOrder = async (writer: Endpoint, newOrder: NewOrder): Promise<Order> => {
  const { owner, lines } = newOrder;
  refuse(
    "invalid",
    "A product may stand on one line only.",
    findFaults(
      lines,
      "productId",
      ({ productId }, index) =>
        lines.findIndex((line) => line.productId === productId) < index &&
        "stands on a line before",
    ),
  );
  const { order, isNew } = await writer.write(async (query) => {
    const claim = await claimKey(query, newOrder);
    if (claim.isNew) await reserve(query, { orderId: claim.id, lines });
    return { order: await findOrder(query, { id: claim.id, owner }), isNew: claim.isNew };
  });
  if (isNew) count("OrdersPlaced");
  return order as Order; // orders are never deleted
};

/**
 * Adds an order without lines under the request's key, or finds the order that has the key.
 *
 * This is the transaction's first step: a concurrent duplicate of the request waits here until the
 * other transaction ends.
 */
const claimKey = async (
  query: Query,
  { owner, idempotencyKey, lines }: NewOrder,
): Promise<{ id: string; isNew: boolean }> => {
  const hash = createHash("sha256")
    .update(JSON.stringify(lines.map(({ productId, quantity }) => [productId, quantity])))
    .digest("hex");
  const [claimed] = await query<{ id: string }>(
    `INSERT INTO shop.orders (id, owner, idempotency_key, request_hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner, idempotency_key) DO NOTHING
     RETURNING id`,
    [randomUUID(), owner, idempotencyKey, hash],
  );
  if (claimed !== undefined) return { id: claimed.id, isNew: true };
  const [placed] = await query<{ id: string }>(
    "SELECT id FROM shop.orders WHERE owner = $1 AND idempotency_key = $2 AND request_hash = $3",
    [owner, idempotencyKey, hash],
  );
  if (placed !== undefined) return { id: placed.id, isNew: false };
  throw new Refusal("key-reused", "This Idempotency-Key was used for another order.");
};

/** Takes the lines from the stock, and stores them with the present prices. */
const reserve = async (
  query: Query,
  { orderId, lines }: { orderId: string; lines: readonly NewOrderLine[] },
): Promise<void> => {
  const ids = lines.map(({ productId }) => productId);
  const quantities = lines.map(({ quantity }) => quantity);
  // All orders lock products in the order of their ids, so that no deadlock arises.
  const products = await query<ProductOnSale>(
    `SELECT id, currency, stock FROM shop.products
     WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
  check(lines, products);
  await query(
    `UPDATE shop.products p
     SET stock = p.stock - l.quantity, version = p.version + 1, updated_at = now()
     FROM unnest($1::uuid[], $2::int[]) AS l (id, quantity)
     WHERE p.id = l.id`,
    [ids, quantities],
  );
  await query(
    `INSERT INTO shop.order_lines
       (order_id, position, product_id, sku, name, quantity, unit_price_cents, currency)
     SELECT $1, l.position, p.id, p.sku, p.name, l.quantity, p.price_cents, p.currency
     FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS l (id, quantity, position)
     JOIN shop.products p ON p.id = l.id`,
    [orderId, ids, quantities],
  );
};

/** @throws Refusal unless every line can be ordered, all in one currency. */
const check = (lines: readonly NewOrderLine[], products: readonly ProductOnSale[]): void => {
  const byId = new Map(products.map((product) => [product.id, product]));
  const unknown = findFaults(
    lines,
    "productId",
    (line) => !byId.has(line.productId) && "is no product",
  );
  refuse("invalid", "Some products do not exist.", unknown);

  const currencyOf = (line: NewOrderLine | undefined) => byId.get(line?.productId ?? "")?.currency;
  const first = currencyOf(lines[0]);
  const foreign = findFaults(
    lines,
    "productId",
    (line) => currencyOf(line) !== first && `is priced in ${currencyOf(line)}, not in ${first}`,
  );
  refuse("invalid", "All products of an order need the same currency.", foreign);

  const short = findFaults(lines, "quantity", ({ productId, quantity }) => {
    const stock = byId.get(productId)?.stock ?? 0;
    return stock < quantity && `asks for ${quantity} where ${stock} are left`;
  });
  if (short.length > 0) count("OrdersShortOfStock");
  refuse("conflict", "The stock is short.", short);
};

/** Finds the lines that `describe` has something to say about. */
const findFaults = (
  lines: readonly NewOrderLine[],
  field: keyof NewOrderLine,
  describe: (line: NewOrderLine, index: number) => string | false,
): Fault[] =>
  lines.flatMap((line, index) => {
    const message = describe(line, index);
    return message === false ? [] : [{ pointer: `/lines/${index}/${field}`, message }];
  });

const refuse = (reason: Reason, message: string, faults: readonly Fault[]): void => {
  if (faults.length > 0) throw new Refusal(reason, message, faults);
};
