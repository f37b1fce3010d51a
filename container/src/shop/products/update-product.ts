/** Changes a product. */

import type { Endpoint } from "../../database/endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { NewProduct } from "./create-product.ts";
import { PRODUCT_COLUMNS, type Product, type ProductRow, toProduct } from "./product.ts";

/** The fields to change; the others stay as they are. */
export type ProductChange = Partial<Omit<NewProduct, "sku">>;

/**
 * Changes a product, if the client knows its present version.
 *
 * @param isExpected Whether the client made its change from this version.
 * @returns The product after the change; undefined if there is no such product.
 * @throws Refusal if the product has another version than the client expects.
 */
export const updateProduct = (
  writer: Endpoint,
  {
    id,
    change,
    isExpected,
  }: {
    readonly id: string;
    readonly change: ProductChange;
    readonly isExpected: (version: number) => boolean;
  },
): Promise<Product | undefined> =>
  writer.write(async (query) => {
    const [current] = await query<{ version: number }>(
      "SELECT version FROM shop.products WHERE id = $1 FOR NO KEY UPDATE",
      [id],
    );
    if (current === undefined) return undefined;
    if (!isExpected(current.version)) {
      throw new Refusal("outdated", "The product was changed since; read it again.");
    }
    const { name, description, category, price, stock } = change;
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
    return toProduct(changed as ProductRow); // the lock above keeps the row in place
  });
