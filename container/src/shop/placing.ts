/** Placing an order: all lines are taken from the stock in one transaction, or none. */

import { createHash, randomUUID } from "node:crypto";

import type { Endpoint, Query } from "../database/endpoint.ts";
import { Problem, type ProblemError } from "../http/problem.ts";
import { count } from "../metrics.ts";
import { findOrder, type StoredOrder } from "./order.ts";

export interface NewOrderLine {
  readonly productId: string;
  readonly quantity: number;
}

interface ProductOnSale {
  readonly id: string;
  readonly currency: string;
  readonly stock: number;
}

interface Placing {
  readonly owner: string;
  readonly idempotencyKey: string;
  readonly lines: readonly NewOrderLine[];
}

/**
 * Places an order, or finds the one that the same request placed before.
 *
 * @throws Problem 400 for a line that cannot be ordered at all, 409 if the stock is short, 422 if
 *   the owner used the key for another order.
 */
export const placeOrder = async (writer: Endpoint, placing: Placing): Promise<StoredOrder> => {
  const { owner, lines } = placing;
  refuse(
    400,
    "A product may stand on one line only.",
    complaints(
      lines,
      "productId",
      ({ productId }, index) =>
        lines.findIndex((line) => line.productId === productId) < index &&
        "stands on a line before",
    ),
  );
  const { order, isNew } = await writer.write(async (query) => {
    const claim = await claimKey(query, placing);
    if (claim.isNew) await reserve(query, { orderId: claim.id, lines });
    return { order: await findOrder(query, { id: claim.id, owner }), isNew: claim.isNew };
  });
  if (isNew) count("OrdersPlaced");
  return order as StoredOrder; // orders are never deleted
};

/**
 * Makes an empty order under the request's key, or finds the order that has it.
 *
 * This comes first: a concurrent duplicate waits here until the other order stands or falls.
 */
const claimKey = async (
  query: Query,
  { owner, idempotencyKey, lines }: Placing,
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
  // 422 as in https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header
  throw new Problem(422, "This Idempotency-Key was used for another order.");
};

/** Takes the lines from the stock and writes them down at the prices of the moment. */
const reserve = async (
  query: Query,
  { orderId, lines }: { orderId: string; lines: readonly NewOrderLine[] },
): Promise<void> => {
  const ids = lines.map(({ productId }) => productId);
  const quantities = lines.map(({ quantity }) => quantity);
  // Everybody locks in the order of ids, so nobody waits in a circle.
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

/** @throws Problem unless every line can be had, all in one currency. */
const check = (lines: readonly NewOrderLine[], products: readonly ProductOnSale[]): void => {
  const byId = new Map(products.map((product) => [product.id, product]));
  const unknown = complaints(
    lines,
    "productId",
    (line) => !byId.has(line.productId) && "is no product",
  );
  refuse(400, "Some products do not exist.", unknown);

  const currencyOf = (line: NewOrderLine | undefined) => byId.get(line?.productId ?? "")?.currency;
  const first = currencyOf(lines[0]);
  const foreign = complaints(
    lines,
    "productId",
    (line) => currencyOf(line) !== first && `is priced in ${currencyOf(line)}, not in ${first}`,
  );
  refuse(400, "All products of an order need the same currency.", foreign);

  const short = complaints(lines, "quantity", ({ productId, quantity }) => {
    const stock = byId.get(productId)?.stock ?? 0;
    return stock < quantity && `asks for ${quantity} where ${stock} are left`;
  });
  if (short.length > 0) count("OrdersShortOfStock");
  refuse(409, "The stock is short.", short);
};

/** Collects what `complain` says of the lines. */
const complaints = (
  lines: readonly NewOrderLine[],
  field: keyof NewOrderLine,
  complain: (line: NewOrderLine, index: number) => string | false,
): ProblemError[] =>
  lines.flatMap((line, index) => {
    const message = complain(line, index);
    return message === false ? [] : [{ pointer: `/lines/${index}/${field}`, message }];
  });

const refuse = (status: number, detail: string, errors: readonly ProblemError[]): void => {
  if (errors.length > 0) throw new Problem(status, detail, { errors });
};
