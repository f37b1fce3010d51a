/**
 * The API's database roles: a group with the rights, and two who may log in.
 *
 * There are two so that the password of the idle one changes while the other is in use (AWS calls
 * it the strategy of alternating users).
 */

import pg, { type Client } from "pg";

const GROUP = "api";

/**
 * Set at the roles, because RDS Proxy takes no such settings from clients. An order waits for
 * others that take the same products, hence the lock timeout; the last one frees what an execution
 * environment holds that was frozen in the middle.
 */
const TIMEOUTS = {
  statement_timeout: "5s",
  lock_timeout: "4s",
  idle_in_transaction_session_timeout: "10s",
};

/** Makes the roles that are missing; they belong to the server, not to one database. */
export const makeRoles = async (client: Client, logins: readonly string[]): Promise<void> => {
  const { rows } = await client.query<{ rolname: string }>(
    "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)",
    [[GROUP, ...logins]],
  );
  const present = new Set(rows.map(({ rolname }) => rolname));
  if (!present.has(GROUP)) await client.query(`CREATE ROLE ${GROUP} NOLOGIN`);
  for (const login of logins) {
    const role = pg.escapeIdentifier(login);
    if (!present.has(login)) await client.query(`CREATE ROLE ${role} LOGIN IN ROLE ${GROUP}`);
    for (const [name, value] of Object.entries(TIMEOUTS)) {
      await client.query(`ALTER ROLE ${role} SET ${name} = '${value}'`);
    }
  }
};

/** Lets the group read and write the shop's rows, and nobody do anything by default. */
export const grantRights = async (client: Client, database: string): Promise<void> => {
  const name = pg.escapeIdentifier(database);
  await client.query(`
    REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${name} TO ${GROUP};
    GRANT USAGE ON SCHEMA shop TO ${GROUP};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO ${GROUP};
  `);
};
