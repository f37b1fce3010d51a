/** What the failures of a database mean for a request. */

import pg from "pg";

/** The database cannot do its work at the moment; the client may try again. */
export class Unavailable extends Error {
  /** Whether the connection is of no more use. */
  readonly connectionLost: boolean;

  constructor(
    message: string,
    { cause, connectionLost }: { cause: unknown; connectionLost: boolean },
  ) {
    super(message, { cause });
    this.connectionLost = connectionLost;
  }
}

// https://www.postgresql.org/docs/16/errcodes-appendix.html
const CREDENTIAL_REFUSED = new Set(["28P01", "28000"]);
const CONNECTION_LOST = new Set([
  "25006", // a write in a read-only transaction: this server was the writer until a failover
  "25P03", // idle in transaction for too long
  "57P01", // shutting down
  "57P02", // another process of the server crashed
  "57P03", // starting up
]);
const BUSY = new Set([
  "40001", // serialization failure
  "40P01", // deadlock
  "55P03", // a lock was not to be had in time
  "57014", // the statement took too long
]);

/** RDS Proxy's own refusal of a user that none of its secrets names, whatever its code. */
const UNKNOWN_TO_PROXY = /no credentials for the role/i;

export const isCredentialRefused = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (CREDENTIAL_REFUSED.has(error.code ?? "") || UNKNOWN_TO_PROXY.test(error.message));

/** Tells what passes by itself, `Unavailable`, from what is a mistake in a statement. */
export const classify = (error: unknown): unknown => {
  if (!(error instanceof pg.DatabaseError)) {
    return new Unavailable("the connection broke", { cause: error, connectionLost: true });
  }
  const code = error.code ?? "";
  if (CONNECTION_LOST.has(code) || code.startsWith("08")) {
    return new Unavailable("the server ended the session", { cause: error, connectionLost: true });
  }
  if (BUSY.has(code) || code.startsWith("53")) {
    return new Unavailable("the server is busy", { cause: error, connectionLost: false });
  }
  return error;
};
