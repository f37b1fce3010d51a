/** The API's credential: made, replaced, and put into its secret. */

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg, { type Client } from "pg";

import type { AdministrationConfiguration } from "../configuration.ts";
import { isCredentialRefused } from "../database/failures.ts";
import { type Credential, readCredential } from "../database/secret.ts";
import { describeError, logger } from "../logging.ts";
import { connect } from "./connecting.ts";
import { scramVerifier } from "./scram.ts";

interface Place {
  readonly configuration: AdministrationConfiguration;
  readonly secretsManager: SecretsManagerClient;
}

/** How long a proxy may take to notice that one of its secrets has changed. */
const NOTICE_MILLIS = 60_000;
const PAUSE_MILLIS = 1_000;

/**
 * Gives the idle login a new password and the secret its name: new connections use it from then on,
 * open ones stay as they are.
 *
 * @returns Which login the secret names now.
 * @throws Error if the new credential does not work where the API connects; the one before stays.
 */
export const rotate = async (client: Client, place: Place): Promise<string> => {
  const current = await readValue(place, place.configuration.apiSecretArn);
  const credential = await renew(client, place, otherLogin(place, current));
  await tryPatiently(place.configuration, credential);
  await write(place, place.configuration.apiSecretArn, credential);
  return credential.username;
};

/** Makes the first credential, and a new one if the database was replaced under the secret. */
export const ensureCredential = async (client: Client, place: Place): Promise<void> => {
  const { configuration } = place;
  const current = await readValue(place, configuration.apiSecretArn);
  await fillProxySecrets(client, place, current);
  if (current !== undefined && (await isAccepted(configuration, current))) return;
  const credential = await renew(client, place, otherLogin(place, current));
  try {
    await tryPatiently(configuration, credential);
  } catch (error) {
    // There is none before it to keep; a proxy that was just made may need longer.
    logger.warn("the first credential does not work yet", { error: describeError(error) });
  }
  await write(place, configuration.apiSecretArn, credential);
};

const otherLogin = ({ configuration }: Place, current: Credential | undefined): string => {
  const [first, second] = configuration.apiLogins;
  return current?.username === first ? second : first;
};

/** Gives a login a new password, and tells the proxy if there is one. */
const renew = async (client: Client, place: Place, username: string): Promise<Credential> => {
  const credential = { username, password: randomBytes(32).toString("base64url") };
  const verifier = pg.escapeLiteral(scramVerifier(credential.password));
  await client.query(`ALTER ROLE ${pg.escapeIdentifier(username)} PASSWORD ${verifier}`);
  const { apiLogins, proxySecretArns } = place.configuration;
  const arn = proxySecretArns[apiLogins.indexOf(username)];
  if (arn !== undefined) await write(place, arn, credential);
  return credential;
};

/** A proxy knows a login by a secret of its own, so that both work at the same time. */
const fillProxySecrets = async (
  client: Client,
  place: Place,
  current: Credential | undefined,
): Promise<void> => {
  const { apiLogins, proxySecretArns } = place.configuration;
  for (const [index, arn] of proxySecretArns.entries()) {
    const login = apiLogins[index];
    if (login === undefined || (await readValue(place, arn)) !== undefined) continue;
    if (login === current?.username) await write(place, arn, current);
    else await renew(client, place, login);
  }
};

/** @returns Nothing if the secret has no value yet. */
const readValue = async (
  { secretsManager }: Place,
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
  { secretsManager }: Place,
  arn: string,
  credential: Credential,
): Promise<void> => {
  await secretsManager.send(
    new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(credential) }),
  );
};

/** Whether the cluster itself takes a credential. */
const isAccepted = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<boolean> => {
  try {
    await tryAt(configuration, configuration.writerHost, credential);
    return true;
  } catch (error) {
    if (isCredentialRefused(error)) return false;
    throw error;
  }
};

/** Signs in where the API does: nobody shall be sent to a door that stays shut. */
const tryPatiently = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<void> => {
  const giveUp = performance.now() + (configuration.proxySecretArns.length > 0 ? NOTICE_MILLIS : 0);
  for (;;) {
    try {
      return await tryAt(configuration, configuration.apiHost, credential);
    } catch (error) {
      if (performance.now() >= giveUp) throw error;
      logger.info("the new credential is not taken yet", { error: describeError(error) });
      await sleep(PAUSE_MILLIS);
    }
  }
};

const tryAt = async (
  configuration: AdministrationConfiguration,
  host: string,
  credential: Credential,
): Promise<void> => {
  const client = await connect(configuration, host, credential);
  await client.end();
};
