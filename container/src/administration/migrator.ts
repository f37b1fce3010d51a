/** Brings the schema up to date, one transaction a step, and remembers what was done. */

import { createHash } from "node:crypto";

import type { Client } from "pg";

import { logger } from "../logging.ts";
import type { Migration } from "../migrations/migration.ts";

export interface Migrated {
  /** Names of the steps that were taken now. */
  readonly applied: readonly string[];
  /** Number of steps that the schema has. */
  readonly version: number;
}

interface Recorded {
  readonly name: string;
  readonly checksum: string;
}

/**
 * Takes the steps that are missing. The caller holds the lock that keeps others away.
 *
 * Steps of a later version may be there already: an earlier version is released again, and works
 * with them.
 *
 * @throws Error if the past was changed, or a step fails; its transaction is rolled back.
 */
export const migrate = async (
  client: Client,
  migrations: readonly Migration[],
): Promise<Migrated> => {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS shop;
    CREATE SCHEMA IF NOT EXISTS administration;
    CREATE TABLE IF NOT EXISTS administration.migrations (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
  `);
  const { rows } = await client.query<Recorded>(
    "SELECT name, checksum FROM administration.migrations ORDER BY name",
  );
  const pending = findPending(migrations, rows);
  for (const migration of pending) await apply(client, migration);
  return { applied: pending.map(({ name }) => name), version: rows.length + pending.length };
};

const findPending = (
  migrations: readonly Migration[],
  recorded: readonly Recorded[],
): Migration[] => {
  const checksums = new Map(recorded.map(({ name, checksum }) => [name, checksum]));
  const last = recorded.at(-1)?.name ?? "";
  return migrations.filter((migration) => {
    const { name } = migration;
    const known = checksums.get(name);
    if (known === undefined && name < last) {
      throw new Error(`migration ${name} is missing in the database, which is at ${last} already`);
    }
    if (known !== undefined && known !== checksumOf(migration)) {
      throw new Error(`migration ${name} was changed after it was applied; add a new one instead`);
    }
    return known === undefined;
  });
};

const apply = async (client: Client, migration: Migration): Promise<void> => {
  const { name, sql } = migration;
  await client.query("BEGIN");
  try {
    // Requests queue behind a step that waits for a table: better that it fails and is repeated.
    await client.query("SET LOCAL lock_timeout = '5s'");
    await client.query(sql);
    await client.query("INSERT INTO administration.migrations (name, checksum) VALUES ($1, $2)", [
      name,
      checksumOf(migration),
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {}); // a lost connection rolls back by itself
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
  logger.info("applied a migration", { migration: name });
};

const checksumOf = ({ sql }: Migration): string => createHash("sha256").update(sql).digest("hex");
