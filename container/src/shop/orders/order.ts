/** An order, and the rows that store it. */

import type { Query } from "../../database/endpoint.ts";
import type { Money } from "../money.ts";

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface Order {
  readonly id: string;
  /** All in one currency. */
  readonly lines: readonly [OrderLine, ...OrderLine[]];
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
}

/** An order is found by its owner only. */
export interface OrderKey {
  readonly id: string;
  /** `sub` of the customer's token. */
  readonly owner: string;
}

/** A line, joined with its order. */
interface OrderLineRow {
  readonly created_at: Date;
  readonly cancelled_at: Date | null;
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_cents: number;
  readonly currency: string;
}

/** @returns Undefined if there is no such order, or if it is another owner's. */
export const findOrder = async (
  query: Query,
  { id, owner }: OrderKey,
): Promise<Order | undefined> => {
  const rows = await query<OrderLineRow>(
    `SELECT o.created_at, o.cancelled_at, l.product_id, l.sku, l.name, l.quantity,
       l.unit_price_cents, l.currency
     FROM shop.orders o JOIN shop.order_lines l ON l.order_id = o.id
     WHERE o.id = $1 AND o.owner = $2
     ORDER BY l.position`,
    [id, owner],
  );
  const [first, ...others] = rows;
  if (first === undefined) return undefined;
  return {
    id,
    lines: [toLine(first), ...others.map(toLine)],
    createdAt: first.created_at,
    cancelledAt: first.cancelled_at,
  };
};

const toLine = (row: OrderLineRow): OrderLine => ({
  productId: row.product_id,
  sku: row.sku,
  name: row.name,
  quantity: row.quantity,
  unitPrice: { amountCents: row.unit_price_cents, currency: row.currency },
});

export const lineTotal = ({ quantity, unitPrice }: OrderLine): Money => ({
  ...unitPrice,
  amountCents: quantity * unitPrice.amountCents,
});

/** At most 50 lines of 1000 pieces at a million each: the sum is an exact integer. */
export const orderTotal = ({ lines }: Order): Money => ({
  amountCents: lines.reduce((sum, line) => sum + lineTotal(line).amountCents, 0),
  currency: lines[0].unitPrice.currency,
});
