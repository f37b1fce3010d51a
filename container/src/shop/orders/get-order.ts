/** Reads an order. */

import type { Endpoints } from "../../database/endpoint.ts";
import { findOrder, type Order, type OrderKey } from "./order.ts";

/**
 * Reads an order from the reader endpoint, then from the writer: a reader may not have an order yet
 * that was placed a moment ago.
 *
 * @returns Undefined if there is no such order, or if it is another owner's.
 */
export const getOrder = async (
  { reader, writer }: Endpoints,
  key: OrderKey,
): Promise<Order | undefined> =>
  (await reader.read((query) => findOrder(query, key))) ??
  (await writer.read((query) => findOrder(query, key)));
