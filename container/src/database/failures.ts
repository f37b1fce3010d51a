/** Classifies database errors: which are temporary, and which cost the connection. */

import pg from "pg";

/** The database is temporarily unavailable; the client may try again. */
export class Unavailable extends Error {
  /** Whether the connection can no longer be used. */
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
  "25006", // a write on a server that was the writer until a failover made it a reader
  "25P03", // the transaction was idle for too long
  "57P01", // the server is shutting down
  "57P02", // another process of the server crashed
  "57P03", // the server is starting up
]);
const BUSY = new Set([
  "40001", // serialization failure
  "40P01", // deadlock
  "55P03", // a lock was not available in time
  "57014", // the statement took too long
]);

/** RDS Proxy's message for a user that none of its secrets names; the error's code varies. */
const UNKNOWN_TO_PROXY = /no credentials for the role/i;

export const isCredentialRefused = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (CREDENTIAL_REFUSED.has(error.code ?? "") || UNKNOWN_TO_PROXY.test(error.message));

/** Returns `Unavailable` for a temporary failure; returns any other error as it is. */
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
