/** The credential cache: the secret is read only when necessary. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Credential, CredentialCache } from "../../src/database/credential.ts";

const counting = () => {
  let reads = 0;
  const cache = new CredentialCache(async () => {
    reads += 1;
    return { username: `api_${reads}`, password: "p" };
  });
  return { cache, reads: () => reads };
};

test("the credential is read once", async () => {
  const { cache, reads } = counting();

  const all = await Promise.all([cache.current(), cache.current(), cache.current()]);

  assert.equal(reads(), 1);
  assert.ok(all.every((credential) => credential === all[0]));
});

test("callers that were refused at the same time share one further read", async () => {
  const { cache, reads } = counting();
  const refused = cache.current();
  await refused;

  const renewed = await Promise.all([1, 2, 3].map(() => cache.renew(refused)));
  const late = await cache.renew(refused);

  assert.equal(reads(), 2);
  assert.ok([...renewed, late].every(({ username }) => username === "api_2"));
});

test("a failed read is not cached", async () => {
  const outcomes: (() => Credential)[] = [
    () => assert.fail("throttled"),
    () => ({ username: "api_1", password: "p" }),
  ];
  const cache = new CredentialCache(async () => outcomes.shift()!());

  await assert.rejects(cache.current());

  assert.equal((await cache.current()).username, "api_1");
});
