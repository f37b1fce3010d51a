/** Connections of the administration: as the master to the cluster's writer, past any proxy. */

import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import type { AdministrationConfiguration } from "../configuration.ts";
import type { Credential } from "../database/secret.ts";
import { describeError, logger } from "../logging.ts";

/** A paused Aurora takes about 15 s to resume; one that was just made may take longer. */
const WAIT_MILLIS = 120_000;
const PAUSE_MILLIS = 1_000;
/** Any number will do, as long as nothing else locks it in this database. */
const LOCK = 4_211_887_003;
const LOCK_WAIT = "120s";

/** @throws Error if the server cannot be reached or refuses the credential. */
export const connect = async (
  { database }: AdministrationConfiguration,
  host: string,
  { username, password }: Credential,
): Promise<pg.Client> => {
  const client = new pg.Client({
    host,
    port: database.port,
    database: database.name,
    user: username,
    password,
    connectionTimeoutMillis: database.connectTimeoutMillis,
    ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2" },
  });
  // Without a listener, an error ends the process. Statements report theirs themselves.
  client.on("error", () => {});
  await client.connect();
  return client;
};

/**
 * Runs `work` as the master, alone: of several instances that start at once, one works and the
 * others wait.
 *
 * @param readMaster Gives the master's credential; read for every attempt, since RDS rotates it.
 * @throws Error if the server cannot be reached within two minutes.
 */
export const asMaster = async <Result>(
  configuration: AdministrationConfiguration,
  readMaster: () => Promise<Credential>,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = await connectPatiently(configuration, readMaster);
  try {
    await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    return await work(client);
  } finally {
    await client.end(); // and with it the lock
  }
};

const connectPatiently = async (
  configuration: AdministrationConfiguration,
  readMaster: () => Promise<Credential>,
): Promise<pg.Client> => {
  const giveUp = performance.now() + WAIT_MILLIS;
  for (;;) {
    try {
      return await connect(configuration, configuration.writerHost, await readMaster());
    } catch (error) {
      if (performance.now() > giveUp) {
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
