import assert from "node:assert/strict";
import { test } from "node:test";

import { handler } from "../../modules/edge/function/viewer-request.mjs";

/** Shape of a viewer request event (CloudFront Developer Guide, Lambda@Edge event structure). */
const viewerRequest = (uri, querystring = "", more = {}) => ({
  Records: [
    {
      cf: {
        config: {
          distributionDomainName: "d111111abcdef8.cloudfront.net",
          distributionId: "EDFDVBD6EXAMPLE",
          eventType: "viewer-request",
          requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
        },
        request: {
          clientIp: "203.0.113.178",
          headers: {
            host: [{ key: "Host", value: "d111111abcdef8.cloudfront.net" }],
            "user-agent": [{ key: "User-Agent", value: "curl/7.66.0" }],
            accept: [{ key: "accept", value: "*/*" }],
          },
          method: "GET",
          querystring,
          uri,
          ...more,
        },
      },
    },
  ],
});

const queryOf = async (querystring) =>
  (await handler(viewerRequest("/catalog/products", querystring))).querystring;

test("a canonical request passes as it is", async () => {
  const event = viewerRequest("/catalog/products", "page=2&sort=price");

  assert.deepEqual(await handler(event), event.Records[0].cf.request);
});

test("a request with a body keeps method, headers and body", async () => {
  const body = {
    action: "read-only",
    data: "eyJza3UiOiAiQTEifQ==",
    encoding: "base64",
    inputTruncated: false,
  };
  const event = viewerRequest("//orders", "b=1&a=2", { method: "POST", body });
  const before = structuredClone(event.Records[0].cf.request);

  assert.deepEqual(await handler(event), { ...before, uri: "/orders", querystring: "a=2&b=1" });
});

for (const [what, sent, expected] of [
  ["sorts by name", "size=m&colour=red", "colour=red&size=m"],
  ["keeps repeated names in their order", "size=m&a=1&size=l", "a=1&size=m&size=l"],
  ["keeps repeated names in their order, however written", "b=1&%62=2&a=0", "a=0&b=1&%62=2"],
  ["keeps encoding as sent", "q=a%20b+c%2Fd%2fe&p=%C3%A9", "p=%C3%A9&q=a%20b+c%2Fd%2fe"],
  ["keeps empty values, with and without a sign", "b=&a", "a&b="],
  ["keeps further signs in a value", "url=a=b?c=d", "url=a=b?c=d"],
  ["keeps a lone percent sign", "q=50%&a=1", "a=1&q=50%"],
  ["drops empty parameters", "&&b=1&&a=2&", "a=2&b=1"],
  ["drops tracking", "utm_source=mail&q=1&gclid=x&fbclid=y&_ga=1.2&mc_cid=z&msclkid=w", "q=1"],
  ["drops tracking in disguise", "utm%5Fsource=mail&%67clid=x&q=1", "q=1"],
  ["drops tracking alone", "utm_campaign=50%off", ""],
  ["keeps what only looks like tracking", "gclid2=x&my_utm_source=y", "gclid2=x&my_utm_source=y"],
]) {
  test(`the query: ${what}`, async () => {
    assert.equal(await queryOf(sent), expected);
  });
}

for (const [sent, expected] of [
  ["/", "/"],
  ["//", "/"],
  ["//catalog///products//", "/catalog/products/"],
  ["/catalog/a%2Fb%2f%2Fc", "/catalog/a%2Fb%2f%2Fc"],
  ["/catalog/caf%C3%A9+cr%C3%A8me", "/catalog/caf%C3%A9+cr%C3%A8me"],
  ["/catalog/100%25", "/catalog/100%25"],
  ["/catalog/..hidden/a..b/...", "/catalog/..hidden/a..b/..."],
]) {
  test(`the path ${sent} becomes ${expected}`, async () => {
    assert.equal((await handler(viewerRequest(sent))).uri, expected);
  });
}

for (const uri of [
  "/catalog/../admin",
  "/..",
  "/catalog/%2e%2e/admin",
  "/catalog/.%2E/admin",
  "/catalog/%2e%2e%2fadmin",
  "/catalog/..%5cadmin",
  "/catalog/..\\admin",
  "/catalog\\..\\admin",
  "/catalog/%252e%252e/admin",
  "/catalog/%25252e.%252fadmin",
  "/catalog/%c0%ae%c0%ae/admin",
  "/catalog/%",
  "/catalog/%4",
  "/catalog/%zz",
  "/catalog/%ff",
  "/catalog/a%00.png",
  "/catalog/a%0d%0aSet-Cookie:x",
  "/catalog/a\u0000b",
  "/catalog/%7f",
  "catalog",
  "",
]) {
  test(`the path ${JSON.stringify(uri)} is refused`, async () => {
    const response = await handler(viewerRequest(uri, "a=1"));

    assert.equal(response.status, "400");
    assert.equal(response.headers["cache-control"][0].value, "no-store");
    assert.equal(response.headers["content-type"][0].value, "application/problem+json");
    assert.equal(JSON.parse(response.body).status, 400);
  });
}

for (const query of ["a=%00", "a=\u0000", "a=1\r\nb=2"]) {
  test(`the query ${JSON.stringify(query)} is refused`, async () => {
    assert.equal((await handler(viewerRequest("/catalog", query))).status, "400");
  });
}

for (const event of [undefined, null, {}, { Records: [] }, { Records: [{ cf: {} }] }]) {
  test(`an event that is none is refused: ${JSON.stringify(event)}`, async () => {
    assert.equal((await handler(event)).status, "400");
  });
}
