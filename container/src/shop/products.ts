/** Changes of products, for the shop's staff. */

import { randomUUID } from "node:crypto";

import type { Endpoint } from "../database/endpoint.ts";
import type { Answer } from "../http/answer.ts";
import { entityTag, namesTag } from "../http/entity-tag.ts";
import { notFound, Problem } from "../http/problem.ts";
import { type Money, PRODUCT_COLUMNS, type ProductRow, toProduct } from "./product.ts";

export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  readonly description?: string;
  readonly category: string;
  readonly price: Money;
  readonly stock: number;
}

export type ProductChange = Partial<Omit<NewProduct, "sku">>;

/** @throws Problem 409 if the article number is taken. */
export const createProduct = async (writer: Endpoint, product: NewProduct): Promise<Answer> => {
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
    throw new Problem(409, "There is a product with this article number already.", {
      errors: [{ pointer: "/sku", message: `${sku} is taken` }],
    });
  }
  return {
    status: 201,
    headers: { etag: entityTag(row.version), location: `/catalog/products/${row.id}` },
    body: toProduct(row),
  };
};

/** @throws Problem 404 if there is none, 412 if it is not the version that the client knows. */
export const updateProduct = async (
  writer: Endpoint,
  { id, ifMatch, change }: { id: string; ifMatch: string | undefined; change: ProductChange },
): Promise<Answer> => {
  const { name, description, category, price, stock } = change;
  const row = await writer.write(async (query) => {
    const [current] = await query<{ version: number }>(
      "SELECT version FROM shop.products WHERE id = $1 FOR NO KEY UPDATE",
      [id],
    );
    if (current === undefined) throw notFound();
    if (ifMatch !== undefined && !namesTag(ifMatch, entityTag(current.version))) {
      throw new Problem(412, "The product was changed since; read it again.");
    }
    const [changed] = await query<ProductRow>(
      `UPDATE shop.products
       SET name = COALESCE($2, name), description = COALESCE($3, description),
         category = COALESCE($4, category), price_cents = COALESCE($5, price_cents),
         currency = COALESCE($6, currency), stock = COALESCE($7, stock),
         version = version + 1, updated_at = now()
       WHERE id = $1
       RETURNING ${PRODUCT_COLUMNS}`,
      [id, name, description, category, price?.amountCents, price?.currency, stock],
    );
    return changed as ProductRow; // its row is locked, so it is there
  });
  return { status: 200, headers: { etag: entityTag(row.version) }, body: toProduct(row) };
};
