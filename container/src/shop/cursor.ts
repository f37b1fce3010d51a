/**
 * Where the next page of the catalogue begins: after a name and an id, within a filter.
 *
 * A checksum ties the parts together: a cursor that was changed, or that came from another filter,
 * is refused. It is no signature, since a cursor opens nothing that is not public.
 */

import { createHash } from "node:crypto";

import { Problem } from "../http/problem.ts";

export interface Filter {
  readonly category: string | undefined;
  readonly text: string | undefined;
}

/** The checksum tells mistakes, not forgeries: what PostgreSQL would refuse is refused here. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Position {
  readonly name: string;
  readonly id: string;
}

export const encodeCursor = ({ name, id }: Position, filter: Filter): string =>
  Buffer.from(JSON.stringify([name, id, checksum(name, id, filter)])).toString("base64url");

/** @throws Problem 400 unless it is what `encodeCursor` gave for the same filter. */
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
