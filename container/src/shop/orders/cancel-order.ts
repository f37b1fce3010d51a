/** Cancels an order: its pieces return to the stock once, however often it is cancelled. */

import type { Endpoint } from "../../database/endpoint.ts";
import { count } from "../../metrics.ts";
import { findOrder, type Order, type OrderKey } from "./order.ts";

/**
 * @returns The cancelled order; undefined if there is no such order, or if it is another owner's.
 */
export const cancelOrder = async (
  writer: Endpoint,
  { id, owner }: OrderKey,
): Promise<Order | undefined> => {
  const { order, cancelledNow } = await writer.write(async (query) => {
    const cancelled = await query(
      `UPDATE shop.orders SET cancelled_at = now()
       WHERE id = $1 AND owner = $2 AND cancelled_at IS NULL
       RETURNING id`,
      [id, owner],
    );
    if (cancelled.length > 0) {
      // Lock products in the order of their ids, as placeOrder does, so that no deadlock arises.
      await query(
        `SELECT p.id
         FROM shop.products p JOIN shop.order_lines l ON l.product_id = p.id
         WHERE l.order_id = $1 ORDER BY p.id FOR NO KEY UPDATE OF p`,
        [id],
      );
      await query(
        `UPDATE shop.products p
         SET stock = p.stock + l.quantity, version = p.version + 1, updated_at = now()
         FROM shop.order_lines l
         WHERE l.order_id = $1 AND l.product_id = p.id`,
        [id],
      );
    }
    return { order: await findOrder(query, { id, owner }), cancelledNow: cancelled.length > 0 };
  });
  if (cancelledNow) count("OrdersCancelled");
  return order;
};
