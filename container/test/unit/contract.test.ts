/** The API's document: API Gateway accepts it, and the code implements it. */

import "../support/silent-logs.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeHandlers } from "../../src/handlers.ts";
import { document, documented } from "../support/contract.ts";

/** Returns every object within a value. */
const objects = (value: any): any[] =>
  typeof value === "object" && value !== null
    ? [value, ...Object.values(value).flatMap(objects)]
    : [];

const schemas: Record<string, any> = document.components.schemas;

test("every operation has a handler, and every handler an operation", () => {
  const handlers = makeHandlers({ reader: undefined as never, writer: undefined as never });

  assert.deepEqual(
    Object.keys(handlers).sort(),
    documented.map(({ operation }) => operation.operationId).sort(),
  );
});

test("every reference within the document is resolvable", () => {
  for (const { $ref } of objects(document).filter(({ $ref }) => typeof $ref === "string")) {
    const [, components, kind, name] = $ref.split("/");
    assert.ok(document[components][kind][name], $ref);
  }
});

test("every operation that needs a token names one scope, and describes 401 and 403", () => {
  const scopes = document.components.securitySchemes.userPool.flows.authorizationCode.scopes;
  for (const { operation } of documented) {
    const [requirement] = operation.security;
    if (requirement === undefined) continue;
    assert.equal(requirement.userPool.length, 1);
    assert.ok(requirement.userPool[0] in scopes);
    assert.ok("401" in operation.responses && "403" in operation.responses);
  }
});

test("every scope names the client that can request it", () => {
  const flow = document.components.securitySchemes.userPool.flows.authorizationCode;

  assert.deepEqual(Object.keys(flow["x-scope-clients"]), Object.keys(flow.scopes));
  for (const client of Object.values<string>(flow["x-scope-clients"])) {
    assert.ok(["shop", "back-office"].includes(client));
  }
});

test("every body is JSON by a named schema", () => {
  for (const { operation } of documented) {
    if (operation.requestBody === undefined) continue;
    const { content, required } = operation.requestBody;
    assert.deepEqual(Object.keys(content), ["application/json"]);
    assert.deepEqual(Object.keys(content["application/json"].schema), ["$ref"]);
    assert.equal(required, true);
    for (const status of ["400", "413", "415"]) assert.ok(status in operation.responses);
  }
});

test("schemas use only keywords that API Gateway's models accept", () => {
  const beyondDraft4 = [
    "nullable",
    "oneOf",
    "anyOf",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "const",
  ];
  for (const [name, schema] of Object.entries(schemas)) {
    assert.match(name, /^[A-Za-z0-9]+$/);
    for (const part of objects(schema)) {
      for (const keyword of beyondDraft4) assert.ok(!(keyword in part), `${name}: ${keyword}`);
      if (part.type === "object") assert.equal(part.additionalProperties, false, name);
    }
  }
});
