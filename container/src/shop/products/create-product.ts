/** Adds a product to the catalogue. */

import { randomUUID } from "node:crypto";

import type { Endpoint } from "../../database/endpoint.ts";
import type { Money } from "../money.ts";
import { Refusal } from "../refusal.ts";
import { PRODUCT_COLUMNS, type Product, type ProductRow, toProduct } from "./product.ts";

export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  readonly description?: string;
  readonly category: string;
  readonly price: Money;
  readonly stock: number;
}

/** @throws Refusal if the article number is taken. */
export const createProduct = async (writer: Endpoint, product: NewProduct): Promise<Product> => {
  const { sku, name, description = "", category, price, stock } = product;
  const [row] = await writer.write((query) =>
    query<ProductRow>(
      `INSERT INTO shop.products
         (id, sku, name, description, category, price_cents, currency, stock)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (sku) DO NOTHING
       RETURNING ${PRODUCT_COLUMNS}`,
      [randomUUID(), sku, name, description, category, price.amountCents, price.currency, stock],
    ),
  );
  if (row === undefined) {
    throw new Refusal("conflict", "There is a product with this article number already.", [
      { pointer: "/sku", message: `${sku} is taken` },
    ]);
  }
  return toProduct(row);
};
