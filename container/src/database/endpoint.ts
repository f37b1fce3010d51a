/**
 * Transactions at one endpoint of the database, through a small pool of verified TLS connections.
 *
 * The endpoint may be an RDS Proxy. For the proxy to share its own connections among clients, this
 * code uses no SET and no named statements. It also passes no startup parameters, which the proxy
 * refuses; the timeouts are settings of the roles.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */

import pg from "pg";

import type { DatabaseConfiguration } from "../configuration.ts";
import { describeError, logger } from "../logging.ts";
import type { Credential, CredentialCache } from "./credential.ts";
import { classify, isCredentialRefused, Unavailable } from "./failures.ts";

/** Runs a statement in the current transaction and returns its rows. */
export type Query = <Row extends object>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** Idle connections close soon, so that Aurora can pause; RDS Proxy's default is 30 minutes. */
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
  /** A retry that begins within this time ends within the budget, if the credential is accepted. */
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
   * Runs `work` in a read-only transaction.
   *
   * @throws Unavailable if the database fails.
   */
  read<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return this.#transact({ begin: "BEGIN READ ONLY", mayRepeat: () => true }, work);
  }

  /**
   * Runs `work` in a transaction. An exception rolls it back.
   *
   * @throws Unavailable if the database fails. If it fails during the commit, the transaction may
   *   or may not be committed.
   */
  write<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
    return this.#transact({ begin: "BEGIN", mayRepeat: ({ commitSent }) => !commitSent }, work);
  }

  /** Runs a transaction. If its connection is lost and a repetition is safe, retries it once. */
  async #transact<Result>(
    { begin, mayRepeat }: { begin: string; mayRepeat: (lost: Transaction) => boolean },
    work: (query: Query) => Promise<Result>,
  ): Promise<Result> {
    const deadline = performance.now() + this.#retryWithinMillis;
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connect();
      const transaction = new Transaction(connection.client, this.#transactionMillis);
      try {
        return await transaction.run(begin, work);
      } catch (error) {
        if (!(error instanceof Unavailable && error.connectionLost)) throw error;
        // The pool's other connections are most likely broken too, so the next transaction gets a
        // new pool. In the old one, running transactions finish and idle connections time out.
        if (this.#pool === connection.pool) this.#pool = undefined;
        if (attempt > 1 || !mayRepeat(transaction) || performance.now() > deadline) throw error;
        logger.info("lost the connection; retrying on a new one", { error: describeError(error) });
      }
    }
  }

  /** Takes a connection. If the credential is refused, reads the secret again and retries once. */
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
      throw new Unavailable("cannot connect", { cause: error, connectionLost: false });
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
    // Without a listener, an error event would end the process. Statements report their own errors.
    pool.on("error", (error) => {
      logger.debug("an idle connection was closed", { error: describeError(error) });
    });
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }
}

/** One transaction on a connection. At its end the connection returns to the pool or is closed. */
class Transaction {
  readonly #client: pg.PoolClient;
  readonly #limitMillis: number;
  /** Whether COMMIT was sent. From then on only the server knows whether it took effect. */
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
      return false; // the caller closes the connection, which rolls back as well
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
