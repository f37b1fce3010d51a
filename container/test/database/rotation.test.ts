/** The API's credential changes under a running API, and nobody notices. */

import assert from "node:assert/strict";
import { before, test } from "node:test";

import {
  addProduct,
  administer,
  connectAs,
  endSessions,
  proxySecretArns,
  readApiCredential,
  send,
  sql,
} from "../support/functions.ts";

before(() => administer({ action: "migrate" }));

const rotate = async (): Promise<string> => (await administer({ action: "rotate" })).username;

test("the first migration made a credential; rotations alternate between two logins", async () => {
  const { username } = await readApiCredential();
  const other = username === "api_1" ? "api_2" : "api_1";

  assert.deepEqual([await rotate(), await rotate(), await rotate()], [other, username, other]);
  assert.equal((await readApiCredential()).username, other);
});

test("the credential before stays good until the next rotation", async () => {
  const credential = await readApiCredential();

  await rotate();
  await (await connectAs(credential)).end();

  await rotate();
  await assert.rejects(connectAs(credential), { code: "28P01" });
});

test("a proxy can sign in as both logins at any time", async () => {
  for (let round = 0; round < 3; round += 1) {
    const credentials = await Promise.all(proxySecretArns.map((arn) => readApiCredential(arn)));
    assert.deepEqual(
      credentials.map(({ username }) => username),
      ["api_1", "api_2"],
    );
    for (const credential of credentials) await (await connectAs(credential)).end();
    await rotate();
  }
});

test("rotations under load fail no request", async () => {
  let done = false;
  const statuses: number[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!done) {
      statuses.push((await send("GET", "/health/ready")).status);
      await addProduct();
    }
  });

  for (let round = 0; round < 4; round += 1) {
    await rotate();
    await endSessions(); // so that all have to connect anew
  }
  done = true;
  await Promise.all(load);

  assert.ok(statuses.length > 0);
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test("a password that was changed under the secret is mended by the next migration", async () => {
  const { username } = await readApiCredential();
  await sql(`ALTER ROLE ${username} PASSWORD 'another'`);
  await assert.rejects(connectAs(await readApiCredential()), { code: "28P01" });

  await administer({ action: "migrate" });

  assert.notEqual((await readApiCredential()).username, username);
  await (await connectAs(await readApiCredential())).end();
  assert.equal((await send("GET", "/health/ready")).status, 200);
});
