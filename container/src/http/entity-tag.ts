/** Entity tags: a product's version, in the quotes of RFC 9110. */

export const entityTag = (version: number): string => `"${version}"`;

/** Whether `If-Match` or `If-None-Match` names a tag; who compresses weakens it to `W/"..."`. */
export const namesTag = (header: string, tag: string): boolean =>
  header.split(",").some((value) => ["*", tag, `W/${tag}`].includes(value.trim()));
