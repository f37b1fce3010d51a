/** The check of a release: it fails with an error, unlike a request, which always gets an answer. */

import "../support/silent-logs.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeApplication } from "../../src/application.ts";
import { Unavailable } from "../../src/database/failures.ts";
import { withReleaseCheck } from "../../src/release-check.ts";
import { context, makeClient, TOKEN_RULES } from "../support/client.ts";

const request = {
  httpMethod: "GET",
  path: "/health/ready",
  headers: {},
  requestContext: { requestId: "release" },
  body: null,
  isBase64Encoded: false,
};

const makeHandler = (getReadiness: () => Promise<{ status: number; body: object }>) =>
  withReleaseCheck(makeApplication({ handlers: { getReadiness }, tokenRules: TOKEN_RULES }));
const ready = makeHandler(async () => ({ status: 200, body: { status: "ok" } }));
const unavailable = makeHandler(async () => {
  throw new Unavailable("cannot connect", { cause: undefined, connectionLost: false });
});
const defective = makeHandler(async () => {
  throw new TypeError("cannot read the property");
});

test("a version that is ready passes the check", async () => {
  const answer = await ready({ check: request }, context);

  assert.equal(answer.statusCode, 200);
});

test("a version that is not ready fails the check with an error", async () => {
  await assert.rejects(unavailable({ check: request }, context), /answered with 503/);
  await assert.rejects(defective({ check: request }, context), /answered with 500/);
  await assert.rejects(ready({ check: { ...request, path: "/nowhere" } }, context), /with 404/);
});

test("a request never ends in an error", async () => {
  assert.equal((await makeClient(unavailable)("GET", "/health/ready")).status, 503);
  assert.equal((await makeClient(defective)("GET", "/health/ready")).status, 500);
  for (const event of [null, {}, "text"]) {
    assert.ok((await ready(event, context)).statusCode >= 400);
  }
});
