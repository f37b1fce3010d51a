/** Rotation: the API's credential changes without a failed request. */

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

test("a migration creates the first credential; rotations alternate the logins", async () => {
  const { username } = await readApiCredential();
  const other = username === "api_1" ? "api_2" : "api_1";

  assert.deepEqual([await rotate(), await rotate(), await rotate()], [other, username, other]);
  assert.equal((await readApiCredential()).username, other);
});

test("the previous credential stays valid until the next rotation", async () => {
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

test("no request fails during rotations under load", async () => {
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
    await endSessions(); // so that the API has to connect again
  }
  done = true;
  await Promise.all(load);

  assert.ok(statuses.length > 0);
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test("the next migration replaces a credential that the database refuses", async () => {
  const { username } = await readApiCredential();
  await sql(`ALTER ROLE ${username} PASSWORD 'another'`);
  await assert.rejects(connectAs(await readApiCredential()), { code: "28P01" });

  await administer({ action: "migrate" });

  assert.notEqual((await readApiCredential()).username, username);
  await (await connectAs(await readApiCredential())).end();
  assert.equal((await send("GET", "/health/ready")).status, 200);
});
