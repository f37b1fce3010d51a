/** Privileges: the API's role can read and write rows, and nothing else. */

import assert from "node:assert/strict";
import { before, test } from "node:test";

import {
  administer,
  connectAs,
  database,
  master,
  readApiCredential,
  sql,
} from "../support/functions.ts";

before(() => administer({ action: "migrate" }));

const asApi = async (statement: string) => {
  const client = await connectAs(await readApiCredential());
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
};

for (const statement of [
  "CREATE TABLE shop.extra ()",
  "CREATE TABLE public.extra ()",
  "CREATE TEMPORARY TABLE extra ()",
  "CREATE SCHEMA extra",
  "CREATE ROLE extra",
  "CREATE DATABASE extra",
  "CREATE EXTENSION citext SCHEMA shop",
  "CREATE INDEX ON shop.products (stock)",
  "ALTER TABLE shop.products ADD extra integer",
  "ALTER ROLE api_1 CREATEROLE",
  "ALTER ROLE api_2 PASSWORD 'mine'",
  "DROP TABLE shop.orders CASCADE",
  "TRUNCATE shop.order_lines",
  "SELECT * FROM administration.migrations",
  "SELECT * FROM pg_authid",
  `SET ROLE ${master.username}`,
  `GRANT ${master.username} TO api_1`,
  "COPY shop.products TO PROGRAM 'true'",
  "SELECT pg_read_file('/etc/passwd')",
]) {
  test(`the API may not ${statement}`, async () => {
    // insufficient_privilege
    await assert.rejects(asApi(statement), { code: "42501" });
  });
}

test("the API may read and write the rows of every table of the shop", async () => {
  const tables = await sql("SELECT tablename FROM pg_tables WHERE schemaname = 'shop'");

  assert.ok(tables.length >= 3);
  for (const { tablename } of tables) {
    await asApi(`SELECT FROM shop.${tablename}`);
    await asApi(`DELETE FROM shop.${tablename} WHERE false`);
  }
});

test("PUBLIC has no privilege on the database, not even to connect", async () => {
  const [{ acl }] = await sql("SELECT datacl::text AS acl FROM pg_database WHERE datname = $1", [
    database,
  ]);

  assert.ok(!/[{,]=/.test(acl), `${acl} grants something to PUBLIC`);
});

test("both logins have timeouts", async () => {
  const roles = await sql("SELECT rolname, rolconfig FROM pg_roles WHERE rolname ~ '^api_'");

  for (const { rolconfig } of roles) {
    assert.deepEqual(rolconfig.map((entry: string) => entry.split("=")[0]).sort(), [
      "idle_in_transaction_session_timeout",
      "lock_timeout",
      "statement_timeout",
    ]);
  }
  assert.deepEqual(roles.map(({ rolname }) => rolname).sort(), ["api_1", "api_2"]);
});
