/** The public catalogue, read from the reader endpoint. */

import type { Endpoint } from "../database/endpoint.ts";
import type { Answer } from "../http/answer.ts";
import { entityTag, namesTag } from "../http/entity-tag.ts";
import { notFound } from "../http/problem.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { PRODUCT_COLUMNS, type ProductRow, toProduct } from "./product.ts";

/** Short, so that stock and prices are not seen wrong for long. */
const CACHEABLE = { "cache-control": "public, max-age=60" };

/** Lists a page of products by name. */
export const listProducts = async (
  reader: Endpoint,
  parameters: {
    readonly cursor: string | undefined;
    readonly limit: number;
    readonly category: string | undefined;
    readonly text: string | undefined;
  },
): Promise<Answer> => {
  const { cursor, limit, category, text } = parameters;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, { category, text });
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
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? encodeCursor(last, { category, text }) : undefined;
  return { status: 200, headers: CACHEABLE, body: { items: items.map(toProduct), nextCursor } };
};

/** Shows a product, or 304 if the client has it as it is. */
export const getProduct = async (
  reader: Endpoint,
  { id, ifNoneMatch }: { readonly id: string; readonly ifNoneMatch: string | undefined },
): Promise<Answer> => {
  const [row] = await reader.read((query) =>
    query<ProductRow>(`SELECT ${PRODUCT_COLUMNS} FROM shop.products WHERE id = $1`, [id]),
  );
  if (row === undefined) throw notFound();
  const etag = entityTag(row.version);
  const headers = { ...CACHEABLE, etag };
  if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, etag)) return { status: 304, headers };
  return { status: 200, headers, body: toProduct(row) };
};
