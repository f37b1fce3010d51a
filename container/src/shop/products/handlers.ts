/** The API's operations on products: from a call to an answer. */

import type { Endpoints } from "../../database/endpoint.ts";
import { entityTag, namesTag } from "../../http/entity-tag.ts";
import { type Handlers, optionalText } from "../../http/handler.ts";
import { notFound } from "../../http/problem.ts";
import { createProduct, type NewProduct } from "./create-product.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { getProduct } from "./get-product.ts";
import { listProducts } from "./list-products.ts";
import type { Product } from "./product.ts";
import { type ProductChange, updateProduct } from "./update-product.ts";

/** Short, so that caches show outdated stock and prices for a minute at most. */
const CACHEABLE = { "cache-control": "public, max-age=60" };

export const makeProductHandlers = ({ reader, writer }: Endpoints): Handlers => ({
  listProducts: async ({ parameters }) => {
    const filter = {
      category: optionalText(parameters.category),
      text: optionalText(parameters.q),
    };
    const cursor = optionalText(parameters.cursor);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, filter);
    const { products, next } = await listProducts(reader, {
      filter,
      after,
      limit: Number(parameters.limit),
    });
    return {
      status: 200,
      headers: CACHEABLE,
      body: { items: products.map(toBody), nextCursor: next && encodeCursor(next, filter) },
    };
  },

  getProduct: async ({ parameters }) => {
    const product = await getProduct(reader, String(parameters.id));
    if (product === undefined) throw notFound();
    const ifNoneMatch = optionalText(parameters["If-None-Match"]);
    const etag = entityTag(product.version);
    const headers = { ...CACHEABLE, etag };
    if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, etag)) return { status: 304, headers };
    return { status: 200, headers, body: toBody(product) };
  },

  createProduct: async ({ body }) => {
    const product = await createProduct(writer, body as NewProduct);
    const { id, version } = product;
    return {
      status: 201,
      headers: { etag: entityTag(version), location: `/catalog/products/${id}` },
      body: toBody(product),
    };
  },

  updateProduct: async ({ parameters, body }) => {
    const ifMatch = optionalText(parameters["If-Match"]);
    const product = await updateProduct(writer, {
      id: String(parameters.id),
      change: body as ProductChange,
      isExpected: (version) => ifMatch === undefined || namesTag(ifMatch, entityTag(version)),
    });
    if (product === undefined) throw notFound();
    return { status: 200, headers: { etag: entityTag(product.version) }, body: toBody(product) };
  },
});

/** A product as clients see it; its version is the entity tag. */
const toBody = ({ version: _, createdAt, updatedAt, ...product }: Product): object => ({
  ...product,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
