/** Lists the catalogue by name, page by page. */

import type { Endpoint } from "../../database/endpoint.ts";
import { PRODUCT_COLUMNS, type Product, type ProductRow, toProduct } from "./product.ts";

export interface Filter {
  readonly category: string | undefined;
  /** Words that a product's name or description contains. */
  readonly text: string | undefined;
}

/** The product after which a page begins. Names are not unique, so the id decides between them. */
export interface Position {
  readonly name: string;
  readonly id: string;
}

export interface ProductPage {
  readonly products: readonly Product[];
  /** Where the next page begins; undefined on the last. */
  readonly next: Position | undefined;
}

export const listProducts = async (
  reader: Endpoint,
  {
    filter: { category, text },
    after,
    limit,
  }: {
    readonly filter: Filter;
    readonly after: Position | undefined;
    readonly limit: number;
  },
): Promise<ProductPage> => {
  const rows = await reader.read((query) =>
    query<ProductRow>(
      `SELECT ${PRODUCT_COLUMNS}
       FROM shop.products
       WHERE ($1::text IS NULL OR category = $1)
         AND ($2::text IS NULL OR search @@ websearch_to_tsquery('english', $2))
         AND ($3::text IS NULL OR (name, id) > ($3, $4::uuid))
       ORDER BY name, id
       LIMIT $5`,
      [category, text, after?.name, after?.id, limit + 1], // one more shows whether a page follows
    ),
  );
  const products = rows.slice(0, limit).map(toProduct);
  return { products, next: rows.length > limit ? products.at(-1) : undefined };
};
