/** What Terraform passes to the functions, read once from their environment. */

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
  /** Connections that each of the two pools may hold. */
  readonly poolSize: number;
  /** `iss` of the tokens that are taken. */
  readonly issuer: string;
}

export interface AdministrationConfiguration {
  readonly database: DatabaseConfiguration;
  readonly writerHost: string;
  readonly masterSecretArn: string;
  readonly apiSecretArn: string;
  /** Where the API connects: the proxy, or the writer itself. */
  readonly apiHost: string;
  /** Secrets by which a proxy knows the API's logins, in their order; none without a proxy. */
  readonly proxySecretArns: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error if a variable is missing or is not what it should be. */
export const readApiConfiguration = (environment: Environment): ApiConfiguration => ({
  database: readDatabase(environment),
  writerHost: text(environment, "DATABASE_WRITER_HOST"),
  readerHost: text(environment, "DATABASE_READER_HOST"),
  secretArn: text(environment, "DATABASE_SECRET_ARN"),
  poolSize: positive(environment, "DATABASE_POOL_SIZE"),
  issuer: text(environment, "USER_POOL_ISSUER"),
});

/** @throws Error if a variable is missing or is not what it should be. */
export const readAdministrationConfiguration = (
  environment: Environment,
): AdministrationConfiguration => ({
  database: readDatabase(environment),
  writerHost: text(environment, "DATABASE_WRITER_HOST"),
  masterSecretArn: text(environment, "MASTER_SECRET_ARN"),
  apiSecretArn: text(environment, "API_SECRET_ARN"),
  apiHost: text(environment, "API_DATABASE_HOST"),
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
