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
import { connect } from "./connection.ts";
import { scramVerifier } from "./scram.ts";

interface Dependencies {
  readonly configuration: AdministrationConfiguration;
  readonly secretsManager: SecretsManagerClient;
}

/** Longest time that a proxy may take to notice that one of its secrets has changed. */
const PROXY_DELAY_MILLIS = 60_000;
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
  await signInWithRetries(dependencies.configuration, credential);
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
  try {
    await signInWithRetries(configuration, credential);
  } catch (error) {
    // There is no previous credential to keep, and a new proxy may need longer to accept this one.
    logger.warn("the first credential does not work yet", { error: describeError(error) });
  }
  await write(dependencies, configuration.apiSecretArn, credential);
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
  try {
    await signIn(configuration, configuration.writerHost, credential);
    return true;
  } catch (error) {
    if (isCredentialRefused(error)) return false;
    throw error;
  }
};

/** Signs in at the API's endpoint, so that the API never gets a credential that does not work. */
const signInWithRetries = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<void> => {
  const delay = configuration.proxySecretArns.length > 0 ? PROXY_DELAY_MILLIS : 0;
  const deadline = performance.now() + delay;
  for (;;) {
    try {
      return await signIn(configuration, configuration.apiHost, credential);
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      logger.info("the new credential is not accepted yet", { error: describeError(error) });
      await sleep(PAUSE_MILLIS);
    }
  }
};

const signIn = async (
  configuration: AdministrationConfiguration,
  host: string,
  credential: Credential,
): Promise<void> => {
  const client = await connect(configuration, host, credential);
  await client.end();
};
