/** What each operation of the API's description does. */

import type { Endpoint } from "./database/endpoint.ts";
import type { Answer } from "./http/answer.ts";
import type { Parameters } from "./http/validation.ts";
import { cancelOrder } from "./shop/cancelling.ts";
import { getProduct, listProducts } from "./shop/catalogue.ts";
import { toOrder } from "./shop/order.ts";
import { readOrder } from "./shop/orders.ts";
import { type NewOrderLine, placeOrder } from "./shop/placing.ts";
import {
  createProduct,
  type NewProduct,
  type ProductChange,
  updateProduct,
} from "./shop/products.ts";

/** A request that matches the description; so the casts below hold. */
export interface Call {
  readonly parameters: Parameters;
  readonly body: unknown;
  /** `sub` of the caller's token; empty where the operation needs none. */
  readonly owner: string;
}

export type Handlers = Readonly<Record<string, (call: Call) => Promise<Answer>>>;

/** Binds the operations, by their ids, to the database's endpoints. */
export const makeHandlers = ({
  reader,
  writer,
}: {
  reader: Endpoint;
  writer: Endpoint;
}): Handlers => ({
  getHealth: async () => healthy,

  getReadiness: async () => {
    const checks = await Promise.allSettled(
      [reader, writer].map((endpoint) => endpoint.read((query) => query("SELECT 1"))),
    );
    // Both have ended by now: nothing is left to run while Lambda freezes the process.
    for (const check of checks) if (check.status === "rejected") throw check.reason;
    return healthy;
  },

  listProducts: ({ parameters }) =>
    listProducts(reader, {
      cursor: text(parameters.cursor),
      limit: Number(parameters.limit),
      category: text(parameters.category),
      text: text(parameters.q),
    }),

  getProduct: ({ parameters }) =>
    getProduct(reader, {
      id: String(parameters.id),
      ifNoneMatch: text(parameters["If-None-Match"]),
    }),

  createProduct: ({ body }) => createProduct(writer, body as NewProduct),

  updateProduct: ({ parameters, body }) =>
    updateProduct(writer, {
      id: String(parameters.id),
      ifMatch: text(parameters["If-Match"]),
      change: body as ProductChange,
    }),

  createOrder: async ({ parameters, body, owner }) => {
    const { lines } = body as { lines: NewOrderLine[] };
    const idempotencyKey = String(parameters["Idempotency-Key"]);
    const order = await placeOrder(writer, { owner, idempotencyKey, lines });
    return { status: 201, headers: { location: `/orders/${order.id}` }, body: toOrder(order) };
  },

  getOrder: async ({ parameters, owner }) => {
    const order = await readOrder({ reader, writer }, { id: String(parameters.id), owner });
    return { status: 200, body: toOrder(order) };
  },

  cancelOrder: async ({ parameters, owner }) => {
    const order = await cancelOrder(writer, { id: String(parameters.id), owner });
    return { status: 200, body: toOrder(order) };
  },
});

const healthy: Answer = { status: 200, body: { status: "ok" } };

const text = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
