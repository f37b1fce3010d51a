/**
 * The two functions as they are deployed, with a database for each test file.
 *
 * pytest starts PostgreSQL and Secrets Manager, and passes their addresses as environment variables
 * (`tests/image/test_database.py`).
 */

import "./silent-logs.ts";

import { randomBytes, randomUUID } from "node:crypto";

import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg from "pg";

import { type Credential, CredentialCache } from "../../src/database/credential.ts";
import { Endpoint } from "../../src/database/endpoint.ts";
import { type Client, context, makeClient, staff, TOKEN_RULES } from "./client.ts";

/** The only name in the server's certificate. */
export const HOST = "localhost";

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`make test\``);
  return value;
};

export const port = Number(given("TEST_DATABASE_PORT"));
export const master = {
  username: given("TEST_MASTER_USERNAME"),
  password: given("TEST_MASTER_PASSWORD"),
};
export const database = `shop_${randomBytes(4).toString("hex")}`;

const secretsManager = new SecretsManagerClient({});

const makeSecret = async (value?: Credential): Promise<string> => {
  const { ARN } = await secretsManager.send(
    new CreateSecretCommand({
      Name: randomUUID(),
      ...(value && { SecretString: JSON.stringify(value) }),
    }),
  );
  return String(ARN);
};

/** Connects; the caller ends the connection. */
export const connectAs = async (
  { username, password }: Credential,
  name: string = database,
): Promise<pg.Client> => {
  const client = new pg.Client({
    host: HOST,
    port,
    database: name,
    user: username,
    password,
    ssl: true,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
};

const administrator = await connectAs(master, "postgres");
await administrator.query(`CREATE DATABASE ${database}`);
await administrator.end();

const apiSecretArn = await makeSecret();
/** Secrets from which a proxy would read the API's two logins. */
export const proxySecretArns = [await makeSecret(), await makeSecret()];
Object.assign(process.env, {
  DATABASE_WRITER_HOST: HOST,
  DATABASE_READER_HOST: HOST,
  DATABASE_PORT: String(port),
  DATABASE_NAME: database,
  DATABASE_POOL_SIZE: "8",
  DATABASE_CONNECT_TIMEOUT_SECONDS: "5",
  DATABASE_SECRET_ARN: apiSecretArn,
  API_SECRET_ARN: apiSecretArn,
  API_DATABASE_HOST: HOST,
  API_DATABASE_PORT: String(port),
  PROXY_SECRET_ARNS: proxySecretArns.join(","),
  MASTER_SECRET_ARN: await makeSecret(master),
  DATABASE_TRANSACTION_SECONDS: "6",
  DATABASE_BUDGET_SECONDS: "27",
  API_DATABASE_LOGINS: "api_1,api_2",
  USER_POOL_ISSUER: TOKEN_RULES.issuer,
  STAFF_GROUP: TOKEN_RULES.staffGroup,
});
// Imported only now, because the functions read the environment when they are loaded.
const { handler: administrationHandler } = await import("../../src/administration.ts");
const { handler: apiHandler } = await import("../../src/api.ts");

export const administer = (command: object): Promise<any> =>
  administrationHandler(command, context);
export const send: Client = makeClient(apiHandler);

/** Reads the credential in a secret, by default the API's. */
export const readApiCredential = async (arn: string = apiSecretArn): Promise<Credential> => {
  const command = new GetSecretValueCommand({ SecretId: arn });
  return JSON.parse(String((await secretsManager.send(command)).SecretString));
};

const masterPool = new pg.Pool({
  host: HOST,
  port,
  database,
  user: master.username,
  password: master.password,
  ssl: true,
  allowExitOnIdle: true,
});

/** Runs a statement as the master. */
export const sql = async (text: string, values: unknown[] = []): Promise<any[]> =>
  (await masterPool.query(text, values)).rows;

/** Creates an endpoint with the API's credential, by default at the database's own address. */
export const makeEndpoint = (address: { host?: string; port?: number } = {}): Endpoint =>
  new Endpoint({
    host: address.host ?? HOST,
    database: { port: address.port ?? port, name: database, connectTimeoutMillis: 1_000 },
    poolSize: 2,
    transactionMillis: 6_000,
    budgetMillis: 27_000,
    credentials: new CredentialCache(readApiCredential),
  });

/** Ends every session of the API, as the server does when it shuts down. */
export const endSessions = async (): Promise<void> => {
  const client = await connectAs(await readApiCredential());
  await client.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE usename = current_user AND pid <> pg_backend_pid()`,
  );
  await client.end();
};

/** Adds a product through the API. */
export const addProduct = async (change: object = {}): Promise<any> => {
  const sku = randomUUID().toUpperCase();
  const price = { amountCents: 100, currency: "EUR" };
  const body = { sku, name: "Cup", category: "cups", price, stock: 10, ...change };
  return (await send("POST", "/products", { body, claims: staff })).body;
};

export const stockOf = async (id: string): Promise<number> =>
  (await sql("SELECT stock FROM shop.products WHERE id = $1", [id]))[0].stock;
