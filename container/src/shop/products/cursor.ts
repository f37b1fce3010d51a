/**
 * The parameter `cursor`: the position after which a page of the catalogue begins, within a filter.
 *
 * A checksum ties position and filter together, so a cursor that was changed or belongs to another
 * filter is refused. It is no signature: a cursor leads to public data only.
 */

import { createHash } from "node:crypto";

import { Problem } from "../../http/problem.ts";
import type { Filter, Position } from "./list-products.ts";

/** Anybody can compute the checksum, so an id that PostgreSQL would reject is refused here. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const encodeCursor = ({ name, id }: Position, filter: Filter): string =>
  Buffer.from(JSON.stringify([name, id, checksum(name, id, filter)])).toString("base64url");

/** @throws Problem 400 unless `encodeCursor` made the cursor for the same filter. */
export const decodeCursor = (cursor: string, filter: Filter): Position => {
  const [name, id] = parse(cursor);
  if (typeof name === "string" && typeof id === "string" && ID.test(id) && !name.includes("\0")) {
    const position = { name, id };
    if (encodeCursor(position, filter) === cursor) return position;
  }
  throw new Problem(400, "Some parameters are wrong.", {
    errors: [
      { parameter: "cursor", message: "must be the nextCursor of a page with the same filters" },
    ],
  });
};

const parse = (cursor: string): unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

const checksum = (name: string, id: string, { category, text }: Filter): string =>
  createHash("sha256")
    .update(JSON.stringify([name, id, category, text]))
    .digest("base64url")
    .slice(0, 11);
