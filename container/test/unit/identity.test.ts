/** Authorisation by the claims that API Gateway's authorizer passes. */

import "../support/silent-logs.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { identify } from "../../src/http/identity.ts";
import { Problem } from "../../src/http/problem.ts";
import { customer, ISSUER, staff, TOKEN_RULES } from "../support/client.ts";
import { document } from "../support/contract.ts";

const NOW = Date.parse("2025-11-25T09:00:00Z");
const check = (claims: Record<string, string> | undefined, scope = "shop/orders.write") =>
  identify(claims, { scope, rules: TOKEN_RULES, now: NOW });
const refused = (status: number) => (error: unknown) =>
  error instanceof Problem && error.status === status;

const without = (name: string) => {
  const { [name]: _, ...rest } = customer("jane");
  return rest;
};

test("a customer is identified by the token's subject", () => {
  assert.equal(check(customer("jane")), "jane");
});

for (const exp of ["Tue Nov 25 10:00:00 UTC 2025", "1764064800"]) {
  test(`a token that expires at ${exp} is valid until then`, () => {
    const claims = customer("jane", { exp });
    const at = (now: string) =>
      identify(claims, { scope: "shop/orders.read", rules: TOKEN_RULES, now: Date.parse(now) });

    assert.equal(at("2025-11-25T09:59:59Z"), "jane");
    assert.throws(() => at("2025-11-25T10:00:00Z"), refused(401));
  });
}

for (const [what, claims] of [
  ["no token", undefined],
  ["no subject", without("sub")],
  ["an empty subject", customer("")],
  ["another issuer", customer("jane", { iss: `${ISSUER}2` })],
  ["no issuer", without("iss")],
  ["an identity token", customer("jane", { token_use: "id" })],
  ["an unknown expiry", customer("jane", { exp: "soon" })],
  ["no expiry", without("exp")],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => check(claims), refused(401));
  });
}

for (const scope of ["shop/orders.read", "", "xshop/orders.write", "shop/orders.write2"]) {
  test(`the scope '${scope}' does not allow ordering`, () => {
    assert.throws(() => check(customer("jane", { scope })), refused(403));
  });
}

for (const groups of ["staff", "[staff other]", "other,staff", "[other, staff]"]) {
  test(`the groups ${groups} may write products`, () => {
    const claims = { ...staff, "cognito:groups": groups };

    assert.equal(check(claims, "shop/products.write"), "clerk");
  });
}

for (const groups of ["", "other", "staffing", "non-staff"]) {
  test(`the groups '${groups}' may not write products`, () => {
    const claims = { ...staff, "cognito:groups": groups };

    assert.throws(() => check(claims, "shop/products.write"), refused(403));
  });
}

test("every scope of the back office is for staff only, and no other is", () => {
  const flow = document.components.securitySchemes.userPool.flows.authorizationCode;
  for (const [scope, client] of Object.entries(flow["x-scope-clients"])) {
    const jane = customer("jane", { scope });

    if (client === "back-office") assert.throws(() => check(jane, scope), refused(403));
    else assert.equal(check(jane, scope), "jane");
  }
});

test("a machine client needs no group", () => {
  const { username: _, "cognito:groups": __, ...machine } = staff;

  assert.equal(check({ ...machine, sub: "m1", client_id: "m1" }, "shop/products.write"), "m1");
  assert.throws(() => check({ ...machine, client_id: "m1" }, "shop/products.write"), refused(403));
});
