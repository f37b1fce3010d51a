/** The step of a migration that waits until the API's credential works where the API uses it. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { waitForCredential } from "../../src/administration/rotation.ts";
import { readAdministrationConfiguration } from "../../src/configuration.ts";
import type { Credential } from "../../src/database/credential.ts";
import {
  administer,
  connectAs,
  database,
  master,
  readApiCredential,
  sql,
} from "../support/functions.ts";

/** Leaves one second for attempts, as the last 45 s of an invocation are kept in reserve. */
const ONE_SECOND = 46_000;

await administer({ action: "migrate" });
const configuration = readAdministrationConfiguration(process.env);
const client = await connectAs(master);
after(() => client.end());

/** Returns a Secrets Manager whose only secret has these values in turn, and keeps the last. */
const secretWith = (...values: Credential[]): SecretsManagerClient =>
  ({
    send: async () => {
      const value = values.length > 1 ? values.shift() : values[0];
      return { SecretString: JSON.stringify(value) };
    },
  }) as unknown as SecretsManagerClient;

test("a migration waits until the API's endpoint accepts the credential", async () => {
  const credential = await readApiCredential();
  const secretsManager = secretWith({ ...credential, password: "not yet" }, credential);

  await waitForCredential(client, { configuration, secretsManager }, ONE_SECOND);
});

test("a migration fails if the API's endpoint keeps refusing the credential", async () => {
  const wrong = { ...(await readApiCredential()), password: "wrong" };
  const dependencies = { configuration, secretsManager: secretWith(wrong) };

  await assert.rejects(waitForCredential(client, dependencies, ONE_SECOND), {
    message: /the credential of the API does not work at localhost: password authentication failed/,
  });
});

test("a migration fails if nothing answers at the API's endpoint", async () => {
  const closed = { ...configuration, apiPort: 9 };
  const dependencies = {
    configuration: closed,
    secretsManager: secretWith(await readApiCredential()),
  };

  await assert.rejects(waitForCredential(client, dependencies, ONE_SECOND), /ECONNREFUSED/);
});

test("without a proxy there is nothing to wait for", async () => {
  const wrong = { ...(await readApiCredential()), password: "wrong" };
  const direct = { ...configuration, proxySecretArns: [] };
  const dependencies = { configuration: direct, secretsManager: secretWith(wrong) };
  const start = performance.now();

  await assert.rejects(waitForCredential(client, dependencies, 900_000), /does not work/);

  assert.ok(performance.now() - start < 10_000);
});

test("other invocations can work while one waits for the endpoint", async () => {
  const wrong = { ...(await readApiCredential()), password: "wrong" };
  const dependencies = { configuration, secretsManager: secretWith(wrong) };
  const waiting = assert.rejects(waitForCredential(client, dependencies, ONE_SECOND + 2_000));

  await administer({ action: "migrate" });

  await waiting;
});

test("the user of RDS Proxy may connect, as soon as there is one", async () => {
  await sql("CREATE ROLE rdsproxyadmin LOGIN");
  try {
    const mayConnect = async (): Promise<boolean> =>
      (
        await sql("SELECT has_database_privilege('rdsproxyadmin', $1, 'CONNECT') AS may", [
          database,
        ])
      )[0].may;
    assert.equal(await mayConnect(), false);

    await administer({ action: "migrate" });
    assert.equal(await mayConnect(), true);

    await administer({ action: "migrate" });
    assert.equal(await mayConnect(), true);
  } finally {
    await sql(`REVOKE ALL ON DATABASE ${database} FROM rdsproxyadmin`);
    await sql("DROP ROLE rdsproxyadmin");
  }
});
