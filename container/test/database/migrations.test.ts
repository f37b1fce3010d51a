/** Migrations: safe when several runs start at once, and never changed after they were applied. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import type { Client } from "pg";

import { migrate } from "../../src/administration/migrate.ts";
import { migrations } from "../../src/migrations/index.ts";
import { administer, connectAs, master, send, sql } from "../support/functions.ts";

const names = migrations.map(({ name }) => name);
const client: Client = await connectAs(master);
after(() => client.end());

const applied = async () =>
  (await sql("SELECT name FROM administration.migrations ORDER BY name")).map(({ name }) => name);

test("of several runs at once, exactly one applies each migration", async () => {
  const results = await Promise.all(
    Array.from({ length: 5 }, () => administer({ action: "migrate" })),
  );

  assert.deepEqual(
    results.flatMap(({ applied: steps }) => steps),
    names,
  );
  for (const { version } of results) assert.equal(version, names.length);
  assert.deepEqual(await applied(), names);
});

test("a second run applies nothing", async () => {
  assert.deepEqual(await administer({ action: "migrate" }), { applied: [], version: names.length });
});

test("migrations are numbered in order", () => {
  assert.deepEqual(
    names.map((name) => Number(name.slice(0, 4))),
    names.map((_, index) => index + 1),
  );
});

test("a migration that was changed after it was applied is refused", async () => {
  const changed = migrations.map((one, index) => (index === 0 ? { ...one, sql: "SELECT 1" } : one));

  await assert.rejects(migrate(client, changed), /0001-products was changed after it was applied/);
});

test("a failed migration leaves nothing behind, and no later one is applied", async () => {
  const broken = { name: "0901-broken", sql: "CREATE TABLE shop.half (); SELECT 1 / 0" };
  const later = { name: "0902-later", sql: "CREATE TABLE shop.later ()" };

  const attempt = migrate(client, [...migrations, broken, later]);

  await assert.rejects(attempt, /migration 0901-broken failed: division by zero/);
  assert.deepEqual(await applied(), names);
  const [{ half, later: made }] = await sql(
    "SELECT to_regclass('shop.half') AS half, to_regclass('shop.later') AS later",
  );
  assert.equal(half ?? made, null);
});

test("an earlier version accepts later migrations, but adds none before them", async () => {
  const later = { name: "0903-later", sql: "SELECT 1" };
  await migrate(client, [...migrations, later]);

  assert.deepEqual(await migrate(client, migrations), { applied: [], version: names.length + 1 });
  const late = { name: "0902-late", sql: "SELECT 1" };
  await assert.rejects(
    migrate(client, [...migrations, late]),
    /0902-late is missing .* 0903-later/,
  );

  await sql("DELETE FROM administration.migrations WHERE name = $1", [later.name]);
});

test("sample data is added once and never overwrites products", async () => {
  await administer({ action: "migrate", sampleData: true });
  const { body: first } = await send("GET", "/catalog/products");
  await sql("UPDATE shop.products SET stock = 1");

  await administer({ action: "migrate", sampleData: true });

  const { body: second } = await send("GET", "/catalog/products");
  assert.ok(first.items.length > 0);
  assert.deepEqual(
    second.items,
    first.items.map((item: object) => ({ ...item, stock: 1 })),
  );
});

test("an unknown action is refused with its name", async () => {
  await assert.rejects(administer({ action: "drop" }), /the action is "drop", neither/);
  await assert.rejects(administer({}), /the action is undefined, neither/);
});
