/** A product, and the row that stores it. */

import type { Money } from "../money.ts";

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly price: Money;
  readonly stock: number;
  /** Grows by one with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ProductRow {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly price_cents: number;
  readonly currency: string;
  readonly stock: number;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const PRODUCT_COLUMNS =
  "id, sku, name, description, category, price_cents, currency, stock, version, " +
  "created_at, updated_at";

export const toProduct = (row: ProductRow): Product => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  description: row.description,
  category: row.category,
  price: { amountCents: row.price_cents, currency: row.currency },
  stock: row.stock,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
