/** Cancelling an order: its pieces return to the stock once, however often it is asked for. */

import type { Endpoint } from "../database/endpoint.ts";
import { notFound } from "../http/problem.ts";
import { count } from "../metrics.ts";
import { findOrder, type StoredOrder } from "./order.ts";

/** @throws Problem 404 unless the owner has this order. */
export const cancelOrder = async (
  writer: Endpoint,
  { id, owner }: { readonly id: string; readonly owner: string },
): Promise<StoredOrder> => {
  const { order, cancelledNow } = await writer.write(async (query) => {
    const cancelled = await query(
      `UPDATE shop.orders SET cancelled_at = now()
       WHERE id = $1 AND owner = $2 AND cancelled_at IS NULL
       RETURNING id`,
      [id, owner],
    );
    if (cancelled.length > 0) {
      // As when ordering: everybody locks in the order of ids, so nobody waits in a circle.
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
  if (order === undefined) throw notFound();
  if (cancelledNow) count("OrdersCancelled");
  return order;
};
