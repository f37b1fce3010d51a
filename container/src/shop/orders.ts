/** Orders of signed-in customers. */

import type { Endpoint } from "../database/endpoint.ts";
import { notFound } from "../http/problem.ts";
import { findOrder, type StoredOrder } from "./order.ts";

/**
 * Reads an order.
 *
 * From the reader endpoint; one placed a moment ago may not have arrived there yet, hence the
 * second look.
 *
 * @throws Problem 404 unless the owner has this order.
 */
export const readOrder = async (
  { reader, writer }: { readonly reader: Endpoint; readonly writer: Endpoint },
  order: { readonly id: string; readonly owner: string },
): Promise<StoredOrder> => {
  const found =
    (await reader.read((query) => findOrder(query, order))) ??
    (await writer.read((query) => findOrder(query, order)));
  if (found === undefined) throw notFound();
  return found;
};
