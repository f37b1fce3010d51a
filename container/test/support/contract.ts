/** Checks answers against the API's document, which it reads without the code under test. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Ajv } from "ajv";

import type { ProxyResult } from "../../src/http/answer.ts";

export const document = JSON.parse(
  readFileSync(new URL("../../openapi.json", import.meta.url), "utf8"),
);

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
ajv.addSchema(document, "openapi.json");

/** Every operation with its method and path. */
export const documented: { method: string; path: string; operation: any }[] = Object.entries<any>(
  document.paths,
).flatMap(([path, methods]) =>
  Object.entries<any>(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operation,
  })),
);

/** Fails unless the document describes such an answer for the request. */
export const assertDocumented = (method: string, path: string, answer: ProxyResult): void => {
  const status = String(answer.statusCode);
  const operation = documented.find(
    (one) =>
      one.method === (method === "HEAD" ? "GET" : method) &&
      new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path),
  )?.operation;
  const responses = operation?.responses ?? { 404: "NotFound", 405: "MethodNotAllowed" };
  assert.ok(status in responses, `${method} ${path} may not answer ${status}: ${answer.body}`);
  const response = resolve(responses[status]);
  for (const header of Object.keys(response.headers ?? {})) {
    assert.ok(
      answer.headers[header.toLowerCase()],
      `${status} of ${method} ${path} lacks ${header}`,
    );
  }
  const [mediaType] = Object.keys(response.content ?? {});
  assert.equal(answer.headers["content-type"], mediaType);
  if (mediaType === undefined || method === "HEAD") return assert.equal(answer.body, "");
  const { $ref } = response.content[mediaType].schema;
  const body = JSON.parse(answer.body);
  assert.ok(ajv.validate({ $ref: `openapi.json${$ref}` }, body), ajv.errorsText());
  if ($ref.endsWith("/Problem")) assert.equal(body.status, answer.statusCode);
};

const resolve = (response: any): any => {
  const name = typeof response === "string" ? response : response.$ref?.split("/").at(-1);
  return name === undefined ? response : document.components.responses[name];
};
