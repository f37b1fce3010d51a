/** Reads a product of the catalogue. */

import type { Endpoint } from "../../database/endpoint.ts";
import { PRODUCT_COLUMNS, type Product, type ProductRow, toProduct } from "./product.ts";

/** @returns Undefined if there is no such product. */
export const getProduct = async (reader: Endpoint, id: string): Promise<Product | undefined> => {
  const [row] = await reader.read((query) =>
    query<ProductRow>(`SELECT ${PRODUCT_COLUMNS} FROM shop.products WHERE id = $1`, [id]),
  );
  return row && toProduct(row);
};
