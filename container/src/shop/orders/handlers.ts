/** The API's operations on orders: from a call to an answer. */

import type { Endpoints } from "../../database/endpoint.ts";
import type { Handlers } from "../../http/handler.ts";
import { notFound } from "../../http/problem.ts";
import { cancelOrder } from "./cancel-order.ts";
import { getOrder } from "./get-order.ts";
import { lineTotal, type Order, orderTotal } from "./order.ts";
import { type NewOrderLine, placeOrder } from "./place-order.ts";

export const makeOrderHandlers = ({ reader, writer }: Endpoints): Handlers => ({
  createOrder: async ({ parameters, body, owner }) => {
    const { lines } = body as { lines: NewOrderLine[] };
    const idempotencyKey = String(parameters["Idempotency-Key"]);
    const order = await placeOrder(writer, { owner, idempotencyKey, lines });
    return { status: 201, headers: { location: `/orders/${order.id}` }, body: toBody(order) };
  },

  getOrder: async ({ parameters, owner }) => {
    const order = await getOrder({ reader, writer }, { id: String(parameters.id), owner });
    if (order === undefined) throw notFound();
    return { status: 200, body: toBody(order) };
  },

  cancelOrder: async ({ parameters, owner }) => {
    const order = await cancelOrder(writer, { id: String(parameters.id), owner });
    if (order === undefined) throw notFound();
    return { status: 200, body: toBody(order) };
  },
});

/** An order as its owner sees it, with its totals. */
const toBody = (order: Order): object => {
  const { id, lines, createdAt, cancelledAt } = order;
  return {
    id,
    status: cancelledAt === null ? "placed" : "cancelled",
    lines: lines.map((line) => ({ ...line, total: lineTotal(line) })),
    total: orderTotal(order),
    createdAt: createdAt.toISOString(),
    cancelledAt: cancelledAt?.toISOString(),
  };
};
