/** An order: its rows and what its owner sees of it. */

import type { Query } from "../database/endpoint.ts";
import type { Money } from "./product.ts";

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface StoredOrder {
  readonly id: string;
  readonly lines: readonly OrderLine[];
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
}

interface Row {
  readonly created_at: Date;
  readonly cancelled_at: Date | null;
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_cents: number;
  readonly currency: string;
}

/** Reads an order of an owner; undefined if there is none or it is somebody else's. */
export const findOrder = async (
  query: Query,
  { id, owner }: { readonly id: string; readonly owner: string },
): Promise<StoredOrder | undefined> => {
  const rows = await query<Row>(
    `SELECT o.created_at, o.cancelled_at, l.product_id, l.sku, l.name, l.quantity,
       l.unit_price_cents, l.currency
     FROM shop.orders o JOIN shop.order_lines l ON l.order_id = o.id
     WHERE o.id = $1 AND o.owner = $2
     ORDER BY l.position`,
    [id, owner],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const lines = rows.map((row) => ({
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    quantity: row.quantity,
    unitPrice: { amountCents: row.unit_price_cents, currency: row.currency },
  }));
  return { id, lines, createdAt: first.created_at, cancelledAt: first.cancelled_at };
};

/** Totals are sums of integers that stay exact: 50 lines of 1000 pieces at a million at most. */
export const toOrder = ({ id, lines, createdAt, cancelledAt }: StoredOrder): object => {
  const priced = lines.map((line) => ({
    ...line,
    total: { ...line.unitPrice, amountCents: line.quantity * line.unitPrice.amountCents },
  }));
  const amountCents = priced.reduce((sum, { total }) => sum + total.amountCents, 0);
  return {
    id,
    status: cancelledAt === null ? "placed" : "cancelled",
    lines: priced,
    total: { amountCents, currency: lines[0]?.unitPrice.currency },
    createdAt: createdAt.toISOString(),
    cancelledAt: cancelledAt?.toISOString(),
  };
};
