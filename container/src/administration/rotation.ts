/** The API's credential: made, replaced, and put into its secret. */

import { randomBytes } from "node:crypto";

import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import pg, { type Client } from "pg";

import type { AdministrationConfiguration } from "../configuration.ts";
import { isCredentialRefused } from "../database/failures.ts";
import { type Credential, readCredential } from "../database/secret.ts";
import { connect } from "./connecting.ts";
import { LOGINS } from "./roles.ts";
import { scramVerifier } from "./scram.ts";

interface Place {
  readonly configuration: AdministrationConfiguration;
  readonly secretsManager: SecretsManagerClient;
}

/**
 * Gives the idle login a new password and the secret its name: new connections use it from then on,
 * open ones stay as they are.
 *
 * @returns Which login the secret names now.
 */
export const rotate = async (client: Client, place: Place): Promise<string> => {
  const current = await readCurrent(place);
  const username = LOGINS.find((login) => login !== current?.username) ?? LOGINS[0];
  const credential = { username, password: randomBytes(32).toString("base64url") };
  const verifier = pg.escapeLiteral(scramVerifier(credential.password));
  await client.query(`ALTER ROLE ${username} PASSWORD ${verifier}`);
  await tryOut(place.configuration, credential); // nobody shall be sent to a door that stays shut
  await place.secretsManager.send(
    new PutSecretValueCommand({
      SecretId: place.configuration.apiSecretArn,
      SecretString: JSON.stringify(credential),
    }),
  );
  return username;
};

/** Makes the first credential, and a new one if the database was replaced under the secret. */
export const ensureCredential = async (client: Client, place: Place): Promise<void> => {
  const current = await readCurrent(place);
  if (current !== undefined && (await isAccepted(place.configuration, current))) return;
  await rotate(client, place);
};

const readCurrent = async ({
  configuration,
  secretsManager,
}: Place): Promise<Credential | undefined> => {
  try {
    return await readCredential(secretsManager, configuration.apiSecretArn);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined; // no value yet
    throw error;
  }
};

const isAccepted = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<boolean> => {
  try {
    await tryOut(configuration, credential);
    return true;
  } catch (error) {
    if (isCredentialRefused(error)) return false;
    throw error;
  }
};

const tryOut = async (
  configuration: AdministrationConfiguration,
  credential: Credential,
): Promise<void> => {
  const client = await connect(configuration, credential);
  await client.end();
};
