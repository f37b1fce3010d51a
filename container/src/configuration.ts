/** The functions' configuration, which Terraform passes as environment variables. */

import type { TokenRules } from "./http/identity.ts";

export interface DatabaseConfiguration {
  readonly port: number;
  readonly name: string;
  readonly connectTimeoutMillis: number;
}

export interface ApiConfiguration {
  readonly database: DatabaseConfiguration;
  readonly writerHost: string;
  readonly readerHost: string;
  readonly secretArn: string;
  /** Maximum number of connections in each of the two pools, the reader's and the writer's. */
  readonly poolSize: number;
  /** Longest time for a transaction on its connection. */
  readonly transactionMillis: number;
  /** Longest time for a request's database work, including a retry. */
  readonly budgetMillis: number;
  readonly tokenRules: TokenRules;
}

export interface AdministrationConfiguration {
  readonly database: DatabaseConfiguration;
  readonly writerHost: string;
  readonly masterSecretArn: string;
  readonly apiSecretArn: string;
  /** The API's two database users, which take turns. */
  readonly apiLogins: readonly [string, string];
  /** The host that the API connects to: the proxy, or else the writer itself. */
  readonly apiHost: string;
  readonly apiPort: number;
  /** Secrets that a proxy reads, one for each login in their order; none without a proxy. */
  readonly proxySecretArns: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error if a variable is missing or malformed. */
export const readApiConfiguration = (environment: Environment): ApiConfiguration => ({
  database: readDatabase(environment),
  writerHost: text(environment, "DATABASE_WRITER_HOST"),
  readerHost: text(environment, "DATABASE_READER_HOST"),
  secretArn: text(environment, "DATABASE_SECRET_ARN"),
  poolSize: positive(environment, "DATABASE_POOL_SIZE"),
  transactionMillis: positive(environment, "DATABASE_TRANSACTION_SECONDS") * 1000,
  budgetMillis: positive(environment, "DATABASE_BUDGET_SECONDS") * 1000,
  tokenRules: {
    issuer: text(environment, "USER_POOL_ISSUER"),
    staffGroup: text(environment, "STAFF_GROUP"),
  },
});

/** @throws Error if a variable is missing or malformed. */
export const readAdministrationConfiguration = (
  environment: Environment,
): AdministrationConfiguration => ({
  database: readDatabase(environment),
  writerHost: text(environment, "DATABASE_WRITER_HOST"),
  masterSecretArn: text(environment, "MASTER_SECRET_ARN"),
  apiSecretArn: text(environment, "API_SECRET_ARN"),
  apiLogins: pair(environment, "API_DATABASE_LOGINS"),
  apiHost: text(environment, "API_DATABASE_HOST"),
  apiPort: positive(environment, "API_DATABASE_PORT"),
  proxySecretArns: (environment["PROXY_SECRET_ARNS"] ?? "").split(",").filter((arn) => arn !== ""),
});

const readDatabase = (environment: Environment): DatabaseConfiguration => ({
  port: positive(environment, "DATABASE_PORT"),
  name: text(environment, "DATABASE_NAME"),
  connectTimeoutMillis: positive(environment, "DATABASE_CONNECT_TIMEOUT_SECONDS") * 1000,
});

const text = (environment: Environment, name: string): string => {
  const value = environment[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
};

const positive = (environment: Environment, name: string): number => {
  const value = text(environment, name);
  if (!/^[1-9]\d*$/.test(value)) {
    throw new Error(`the environment variable ${name} is '${value}', not a positive whole number`);
  }
  return Number(value);
};

const pair = (environment: Environment, name: string): readonly [string, string] => {
  const value = text(environment, name);
  const [first, second, ...others] = value.split(",");
  if (!first || !second || first === second || others.length > 0) {
    throw new Error(`the environment variable ${name} is '${value}', not two different names`);
  }
  return [first, second];
};
