/**
 * The API's database roles: a group that holds the privileges, and two members that can log in.
 *
 * With two logins, the idle one gets a new password while the other is in use (Secrets Manager's
 * alternating users strategy).
 */

import pg, { type Client } from "pg";

const GROUP = "api";

/**
 * Settings of the roles, because RDS Proxy accepts no such settings from clients.
 *
 * An order waits while other orders lock the same products; lock_timeout limits that. Lambda may
 * freeze a function in the middle of a transaction; idle_in_transaction_session_timeout releases
 * its locks.
 */
const TIMEOUTS = {
  statement_timeout: "5s",
  lock_timeout: "4s",
  idle_in_transaction_session_timeout: "10s",
};

/** Creates missing roles and sets their timeouts. Roles belong to the server, not to a database. */
export const createRoles = async (client: Client, logins: readonly string[]): Promise<void> => {
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

/** The user with which RDS Proxy watches the database; the proxy creates it. */
const PROXY_USER = "rdsproxyadmin";

/**
 * Lets RDS Proxy's user connect, once there is one. Without `PUBLIC`'s privilege it needs its own,
 * and a proxy whose user cannot connect serves nobody.
 */
export const admitProxy = async (client: Client, database: string): Promise<void> => {
  const { rows } = await client.query(
    `SELECT FROM pg_roles
     WHERE rolname = $1 AND NOT has_database_privilege(oid, $2, 'CONNECT')`,
    [PROXY_USER, database],
  );
  if (rows.length === 0) return;
  await client.query(`GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${PROXY_USER}`);
};

/** Lets the group read and write the shop's rows, and revokes PostgreSQL's grants to everybody. */
export const grantPrivileges = async (client: Client, database: string): Promise<void> => {
  const name = pg.escapeIdentifier(database);
  await client.query(`
    REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${name} TO ${GROUP};
    GRANT USAGE ON SCHEMA shop TO ${GROUP};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO ${GROUP};
  `);
};
