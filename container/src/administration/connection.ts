/** Database connections of the administration function. */

import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import type { AdministrationConfiguration } from "../configuration.ts";
import type { Credential } from "../database/credential.ts";
import { describeError, logger } from "../logging.ts";

/** A paused cluster takes about 15 s to resume; a new one may take longer. */
const WAIT_MILLIS = 120_000;
const PAUSE_MILLIS = 1_000;
/** Key of the advisory lock: an arbitrary number that nothing else in this database locks. */
const LOCK_KEY = 4_211_887_003;
const LOCK_WAIT = "120s";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @throws Error if the server cannot be reached or refuses the credential. */
export const connect = async (
  { database }: AdministrationConfiguration,
  { host, port }: Address,
  { username, password }: Credential,
): Promise<pg.Client> => {
  const client = new pg.Client({
    host,
    port,
    database: database.name,
    user: username,
    password,
    connectionTimeoutMillis: database.connectTimeoutMillis,
    ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2" },
  });
  // Without a listener, an error event would end the process. Statements report their own errors.
  client.on("error", () => {});
  await client.connect();
  return client;
};

/**
 * Runs `work` as the master user on the cluster's writer.
 *
 * @param readMaster Reads the master's credential. It is called for every attempt, because RDS
 *   rotates the credential.
 * @throws Error if the server cannot be reached within two minutes.
 */
export const asMaster = async <Result>(
  configuration: AdministrationConfiguration,
  readMaster: () => Promise<Credential>,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = await connectWithRetries(configuration, readMaster);
  try {
    await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
    return await work(client);
  } finally {
    await client.end();
  }
};

/**
 * Runs `work` under a lock: if several invocations start at once, one works and the others wait.
 *
 * @throws Error if another invocation holds the lock for two minutes.
 */
export const exclusively = async <Result>(
  client: pg.Client,
  work: () => Promise<Result>,
): Promise<Result> => {
  await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
  try {
    return await work();
  } finally {
    // A lost connection has lost its lock too.
    await client.query("SELECT pg_advisory_unlock($1)", [LOCK_KEY]).catch(() => {});
  }
};

const connectWithRetries = async (
  configuration: AdministrationConfiguration,
  readMaster: () => Promise<Credential>,
): Promise<pg.Client> => {
  const address = { host: configuration.writerHost, port: configuration.database.port };
  const deadline = performance.now() + WAIT_MILLIS;
  for (;;) {
    try {
      return await connect(configuration, address, await readMaster());
    } catch (error) {
      if (performance.now() > deadline) {
        const { message } = error as Error;
        throw new Error(`no connection to ${configuration.writerHost}: ${message}`, {
          cause: error,
        });
      }
      logger.info("the database does not answer yet", { error: describeError(error) });
      await sleep(PAUSE_MILLIS);
    }
  }
};
