/** Applies migrations, each in a transaction of its own, and records them in the database. */

import { createHash } from "node:crypto";

import type { Client } from "pg";

import { logger } from "../logging.ts";
import type { Migration } from "../migrations/migration.ts";

export interface Migrated {
  /** Names of the migrations that this run applied. */
  readonly applied: readonly string[];
  /** Number of migrations that the database has now. */
  readonly version: number;
}

interface Recorded {
  readonly name: string;
  readonly checksum: string;
}

/**
 * Applies the migrations that the database does not have yet. The caller holds a lock, so that only
 * one run is at work.
 *
 * The database may have migrations that this version does not know: after a rollback, an earlier
 * version works with the schema of a later one.
 *
 * @throws Error if an applied migration was changed, if a new one precedes an applied one, or if a
 *   migration fails. The transaction of a failed migration is rolled back.
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
    // Requests queue behind a migration that waits for a table, so it fails soon and is repeated.
    await client.query("SET LOCAL lock_timeout = '5s'");
    await client.query(sql);
    await client.query("INSERT INTO administration.migrations (name, checksum) VALUES ($1, $2)", [
      name,
      checksumOf(migration),
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {}); // the server rolls back a lost connection
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
  logger.info("applied a migration", { migration: name });
};

const checksumOf = ({ sql }: Migration): string => createHash("sha256").update(sql).digest("hex");
