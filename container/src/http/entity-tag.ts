/** Entity tags (RFC 9110): a product's version in quotes. */

export const entityTag = (version: number): string => `"${version}"`;

/**
 * Returns whether `If-Match` or `If-None-Match` names a tag. The weak form `W/"..."` counts as
 * well: a proxy that compresses the answer weakens the tag.
 */
export const namesTag = (header: string, tag: string): boolean =>
  header.split(",").some((value) => ["*", tag, `W/${tag}`].includes(value.trim()));
