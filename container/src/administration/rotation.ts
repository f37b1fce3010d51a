/** Creates and rotates the API's database credential, which a secret keeps. */

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg, { type Client } from "pg";

import type { AdministrationConfiguration } from "../configuration.ts";
import { type Credential, readCredential } from "../database/credential.ts";
import { isCredentialRefused } from "../database/failures.ts";
import { describeError, logger } from "../logging.ts";
import { type Address, connect, exclusively } from "./connection.ts";
import { admitProxy } from "./roles.ts";
import { scramVerifier } from "./scram.ts";

interface Dependencies {
  readonly configuration: AdministrationConfiguration;
  readonly secretsManager: SecretsManagerClient;
}

/** Longest time that a proxy may take to notice that one of its secrets has changed. */
const PROXY_DELAY_MILLIS = 60_000;
/** Longest time that a new proxy, or one with a new role, may take to become available. */
const NEW_PROXY_MILLIS = 600_000;
/** Time for the last attempt, so that its error is reported before Lambda ends the invocation. */
const RESERVE_MILLIS = 45_000;
const PAUSE_MILLIS = 1_000;

/**
 * Gives the idle login a new password, and puts that credential into the API's secret. New
 * connections use it from then on; open ones stay as they are.
 *
 * @returns The login that the secret names now.
 * @throws Error if the new credential does not work at the API's endpoint. The secret then keeps
 *   the previous one.
 */
export const rotate = async (client: Client, dependencies: Dependencies): Promise<string> => {
  const current = await readValue(dependencies, dependencies.configuration.apiSecretArn);
  const credential = await renew(client, dependencies, otherLogin(dependencies, current));
  await retry(delayOf(dependencies, PROXY_DELAY_MILLIS), () =>
    signIn(dependencies.configuration, apiAddress(dependencies), credential),
  );
  await write(dependencies, dependencies.configuration.apiSecretArn, credential);
  return credential.username;
};

/** Creates the first credential, and a new one if the database refuses the secret's credential. */
export const ensureCredential = async (
  client: Client,
  dependencies: Dependencies,
): Promise<void> => {
  const { configuration } = dependencies;
  const current = await readValue(dependencies, configuration.apiSecretArn);
  await fillProxySecrets(client, dependencies, current);
  if (current !== undefined && (await isAccepted(configuration, current))) return;
  const credential = await renew(client, dependencies, otherLogin(dependencies, current));
  await write(dependencies, configuration.apiSecretArn, credential);
};

/**
 * Waits until the API's credential works at the API's endpoint. The caller holds no lock, because a
 * new proxy takes minutes until it is available.
 *
 * @param remainingMillis Time that is left to the invocation.
 * @throws Error if the credential does not work within ten minutes.
 */
export const waitForCredential = async (
  client: Client,
  dependencies: Dependencies,
  remainingMillis: number,
): Promise<void> => {
  const { configuration } = dependencies;
  const longest = Math.min(NEW_PROXY_MILLIS, remainingMillis - RESERVE_MILLIS);
  try {
    await retry(delayOf(dependencies, longest), async () => {
      await exclusively(client, () => admitProxy(client, configuration.database.name));
      const credential = await readCredential(
        dependencies.secretsManager,
        configuration.apiSecretArn,
      );
      await signIn(configuration, apiAddress(dependencies), credential);
    });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      `the credential of the API does not work at ${configuration.apiHost}: ${message}`,
      { cause: error },
    );
  }
};

const otherLogin = ({ configuration }: Dependencies, current: Credential | undefined): string => {
  const [first, second] = configuration.apiLogins;
  return current?.username === first ? second : first;
};

/** Gives a login a new password, and stores it in the login's own secret for a proxy. */
const renew = async (
  client: Client,
  dependencies: Dependencies,
  username: string,
): Promise<Credential> => {
  const credential = { username, password: randomBytes(32).toString("base64url") };
  const verifier = pg.escapeLiteral(scramVerifier(credential.password));
  await client.query(`ALTER ROLE ${pg.escapeIdentifier(username)} PASSWORD ${verifier}`);
  const { apiLogins, proxySecretArns } = dependencies.configuration;
  const arn = proxySecretArns[apiLogins.indexOf(username)];
  if (arn !== undefined) await write(dependencies, arn, credential);
  return credential;
};

/** Fills the proxy's empty secrets. It needs one for each login, so that both work at all times. */
const fillProxySecrets = async (
  client: Client,
  dependencies: Dependencies,
  current: Credential | undefined,
): Promise<void> => {
  const { apiLogins, proxySecretArns } = dependencies.configuration;
  for (const [index, arn] of proxySecretArns.entries()) {
    const login = apiLogins[index];
    if (login === undefined || (await readValue(dependencies, arn)) !== undefined) continue;
    if (login === current?.username) await write(dependencies, arn, current);
    else await renew(client, dependencies, login);
  }
};

/** @returns Undefined if the secret has no value yet. */
const readValue = async (
  { secretsManager }: Dependencies,
  arn: string,
): Promise<Credential | undefined> => {
  try {
    return await readCredential(secretsManager, arn);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

const write = async (
  { secretsManager }: Dependencies,
  arn: string,
  credential: Credential,
): Promise<void> => {
  await secretsManager.send(
    new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(credential) }),
  );
};

/** Returns whether the cluster itself accepts a credential. */
const isAccepted = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<boolean> => {
  const writer = { host: configuration.writerHost, port: configuration.database.port };
  try {
    await signIn(configuration, writer, credential);
    return true;
  } catch (error) {
    if (isCredentialRefused(error)) return false;
    throw error;
  }
};

const apiAddress = ({ configuration }: Dependencies): Address => ({
  host: configuration.apiHost,
  port: configuration.apiPort,
});

/** Returns how long a credential may take to work: no time without a proxy. */
const delayOf = ({ configuration }: Dependencies, longestMillis: number): number =>
  configuration.proxySecretArns.length > 0 ? longestMillis : 0;

/** Repeats an attempt that fails, for that time. */
const retry = async (millis: number, attempt: () => Promise<void>): Promise<void> => {
  const deadline = performance.now() + millis;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      logger.info("the credential is not accepted yet", { error: describeError(error) });
      await sleep(PAUSE_MILLIS);
    }
  }
};

const signIn = async (
  configuration: AdministrationConfiguration,
  address: Address,
  credential: Credential,
): Promise<void> => {
  const client = await connect(configuration, address, credential);
  await client.end();
};
