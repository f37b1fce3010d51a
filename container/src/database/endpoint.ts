/**
 * Transactions at one endpoint of the database, through a small pool of verified TLS connections.
 *
 * All of it works through RDS Proxy as well, and lets the proxy share its own connections: no
 * startup parameters (the proxy refuses them; the roles carry the timeouts), no SET, no named
 * statements. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */

import pg from "pg";

import type { DatabaseConfiguration } from "../configuration.ts";
import { describeError, logger } from "../logging.ts";
import { classify, isCredentialRefused, Unavailable } from "./failures.ts";
import type { Credential, CredentialCache } from "./secret.ts";

/** Runs a statement of the current transaction and gives its rows. */
export type Query = <Row extends object>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** Well under RDS Proxy's 30 minutes. Closed connections also let Aurora pause. */
const IDLE_MILLIS = 60_000;

interface Connection {
  readonly client: pg.PoolClient;
  readonly pool: pg.Pool;
}

/** The two endpoints of a cluster; without a reader instance, both lead to the writer. */
export interface Endpoints {
  readonly reader: Endpoint;
  readonly writer: Endpoint;
}

export class Endpoint {
  readonly #options: pg.PoolConfig;
  readonly #credentials: CredentialCache;
  readonly #transactionMillis: number;
  /** A retry that begins by then stays within the budget, unless it also reads the secret again. */
  readonly #retryWithinMillis: number;
  #pool: pg.Pool | undefined;
  #poolCredential: Credential | undefined;

  constructor(options: {
    readonly host: string;
    readonly database: DatabaseConfiguration;
    readonly poolSize: number;
    /** Longest time for a transaction on its connection; the roles' own timeouts are shorter. */
    readonly transactionMillis: number;
    /** Longest time for a request's database work, including a retry. */
    readonly budgetMillis: number;
    readonly credentials: CredentialCache;
  }) {
    const { connectTimeoutMillis } = options.database;
    this.#credentials = options.credentials;
    this.#transactionMillis = options.transactionMillis;
    this.#retryWithinMillis =
      options.budgetMillis - options.transactionMillis - connectTimeoutMillis;
    this.#options = {
      host: options.host,
      port: options.database.port,
      database: options.database.name,
      max: options.poolSize,
      connectionTimeoutMillis: connectTimeoutMillis,
      idleTimeoutMillis: IDLE_MILLIS,
      allowExitOnIdle: true,
      keepAlive: true,
      ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2" },
    };
  }

  /**
   * Runs `work` in a transaction that may only read.
   *
   * @throws Unavailable if the database does not do its part.
   */
  read<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return this.#transact({ begin: "BEGIN READ ONLY", mayRepeat: () => true }, work);
  }

  /**
   * Runs `work` in a transaction, which an exception rolls back.
   *
   * @throws Unavailable if the database does not do its part. If it failed at the commit, nobody
   *   knows whether that happened.
   */
  write<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return this.#transact({ begin: "BEGIN", mayRepeat: ({ commitSent }) => !commitSent }, work);
  }

  /** Retries once, on a fresh connection, if the first was lost when that does no harm. */
  async #transact<Result>(
    { begin, mayRepeat }: { begin: string; mayRepeat: (lost: Transaction) => boolean },
    work: (query: Query) => Promise<Result>,
  ): Promise<Result> {
    const giveUp = performance.now() + this.#retryWithinMillis;
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connect();
      const transaction = new Transaction(connection.client, this.#transactionMillis);
      try {
        return await transaction.run(begin, work);
      } catch (error) {
        if (!(error instanceof Unavailable && error.connectionLost)) throw error;
        // What broke one connection has most likely broken its siblings. Those still at work
        // finish; those idle time out.
        if (this.#pool === connection.pool) this.#pool = undefined;
        if (attempt > 1 || !mayRepeat(transaction) || performance.now() > giveUp) throw error;
        logger.info("trying again on a fresh connection", { error: describeError(error) });
      }
    }
  }

  /** Connects; if the credential is refused, once more with what the secret holds by then. */
  async #connect(): Promise<Connection> {
    try {
      const credential = this.#credentials.current();
      try {
        return await this.#checkOut(await credential);
      } catch (error) {
        if (!isCredentialRefused(error)) throw error;
        logger.info("the database refused the credential; reading the secret again");
        return await this.#checkOut(await this.#credentials.renew(credential));
      }
    } catch (error) {
      throw new Unavailable("there is no connection", { cause: error, connectionLost: false });
    }
  }

  async #checkOut(credential: Credential): Promise<Connection> {
    if (this.#pool === undefined || this.#poolCredential !== credential) {
      this.#pool = this.#makePool(credential);
      this.#poolCredential = credential;
    }
    const pool = this.#pool;
    return { client: await pool.connect(), pool };
  }

  #makePool({ username, password }: Credential): pg.Pool {
    const pool = new pg.Pool({ ...this.#options, user: username, password });
    // Without a listener, an error ends the process. Statements report theirs themselves.
    pool.on("error", (error) => {
      logger.debug("an idle connection was closed", { error: describeError(error) });
    });
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }
}

/** One transaction on a connection, which it gives back or closes. */
class Transaction {
  readonly #client: pg.PoolClient;
  readonly #limitMillis: number;
  /** From then on, nobody knows whether it is committed until the server says so. */
  commitSent = false;

  constructor(client: pg.PoolClient, limitMillis: number) {
    this.#client = client;
    this.#limitMillis = limitMillis;
  }

  async run<Result>(begin: string, work: (query: Query) => Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => void this.#client.end(), this.#limitMillis);
    let usable = false;
    try {
      await this.#query(begin);
      const result = await work(this.#query);
      this.commitSent = true;
      await this.#query("COMMIT");
      usable = true;
      return result;
    } catch (error) {
      usable = !(error instanceof Unavailable && error.connectionLost) && (await this.#rollBack());
      throw error;
    } finally {
      clearTimeout(timer);
      this.#client.release(!usable);
    }
  }

  async #rollBack(): Promise<boolean> {
    try {
      await this.#query("ROLLBACK");
      return true;
    } catch {
      return false; // closing the connection rolls back as well
    }
  }

  readonly #query = async <Row extends object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => {
    try {
      return (await this.#client.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw classify(error);
    }
  };
}
