/**
 * Lambda@Edge, viewer request: puts a request into one canonical form, so that CloudFront keeps one
 * copy of what is one answer, and refuses malformed paths before they reach cache or origin.
 *
 * Sorts the query's parameters, drops those that only track where a visitor came from, and
 * collapses duplicate slashes. All else stays as it was sent: encoding, method, headers, body.
 */

/** Parameters that analytics read in the browser; no answer depends on them. Exact, lower case. */
const TRACKING_NAMES = new Set([
  "_ga", "_gl", "dclid", "gbraid", "gclid", "gclsrc", "wbraid", // Google
  "fbclid", // Meta
  "mc_cid", "mc_eid", // Mailchimp
  "msclkid", // Microsoft
  "ttclid", // TikTok
  "twclid", // X
]);
const TRACKING_PREFIX = "utm_";

export const handler = async (event) => {
  const request = event?.Records?.[0]?.cf?.request;
  if (typeof request?.uri !== "string" || typeof request.querystring !== "string") {
    return badRequest("The request cannot be read.");
  }
  if (!isSafePath(request.uri)) {
    return badRequest("The path is malformed.");
  }
  if (!isSafeQuery(request.querystring)) {
    return badRequest("The query is malformed.");
  }
  return {
    ...request,
    uri: request.uri.replace(/\/{2,}/g, "/"),
    querystring: canonicalQuery(request.querystring),
  };
};

/** Valid percent-encoded UTF-8, without control characters and without a `..` segment. */
const isSafePath = (path) => {
  if (!path.startsWith("/")) {
    return false;
  }
  const decoded = decode(path);
  if (decoded === null) {
    return false;
  }
  // Encoded once more or many times over (%252e): something behind might decode again.
  const plain = decoded.replace(/%(?:25)*([0-7][\da-f])/gi, (_, code) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return !/\p{Cc}/u.test(plain) && !plain.split(/[/\\]/).includes("..");
};

/**
 * Values are the application's own, even with a lone `%`: links in mails often have one. But
 * nothing there needs a raw control character, or NUL, which PostgreSQL's text cannot hold.
 */
const isSafeQuery = (query) => !/\p{Cc}|%00/u.test(query);

const canonicalQuery = (query) =>
  query
    .split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => ({ parameter, name: nameOf(parameter) }))
    .filter(({ name }) => !name.startsWith(TRACKING_PREFIX) && !TRACKING_NAMES.has(name))
    // The sort is stable: repeated names keep the order of their values.
    .sort((one, other) => Number(one.name > other.name) - Number(one.name < other.name))
    .map(({ parameter }) => parameter)
    .join("&");

/** Decoded, since `a=1&%61=2` repeats one name, and its values must not change places. */
const nameOf = (parameter) => {
  const name = parameter.split("=", 1)[0];
  return decode(name.replaceAll("+", " ")) ?? name;
};

const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

const badRequest = (detail) => ({
  status: "400",
  statusDescription: "Bad Request",
  headers: {
    "cache-control": [{ key: "Cache-Control", value: "no-store" }],
    "content-type": [{ key: "Content-Type", value: "application/problem+json" }],
  },
  body: JSON.stringify({ type: "about:blank", title: "Bad Request", status: 400, detail }),
});
