/** A database credential in Secrets Manager: read once, and again when the database refuses it. */

import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** Creates a client whose calls fail within seconds, so that the request still gets an answer. */
export const makeSecretsManager = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 2000,
      throwOnRequestTimeout: true,
    },
  });

/**
 * Reads a secret's current value.
 *
 * @throws ResourceNotFoundException if the secret has no value yet; Error if its value is not a
 *   credential.
 */
export const readCredential = async (
  client: SecretsManagerClient,
  arn: string,
): Promise<Credential> => {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = parse(SecretString);
  if (typeof username !== "string" || typeof password !== "string") {
    throw new Error(`the secret ${arn} does not contain username and password`);
  }
  return { username, password };
};

/** The API's credential, shared by all pools. */
export class CredentialCache {
  readonly #read: () => Promise<Credential>;
  #current: Promise<Credential> | undefined;

  constructor(read: () => Promise<Credential>) {
    this.#read = read;
  }

  /** Returns the credential as last read. Reads it at first use, and again after a failed read. */
  current(): Promise<Credential> {
    if (this.#current === undefined) {
      const reading = this.#read();
      this.#current = reading;
      reading.catch(() => this.#forget(reading));
    }
    return this.#current;
  }

  /**
   * Reads the credential again after the database refused it.
   *
   * @param refused The result of `current()` that was refused. If another caller has renewed it in
   *   the meantime, that newer result is returned.
   */
  renew(refused: Promise<Credential>): Promise<Credential> {
    this.#forget(refused);
    return this.current();
  }

  #forget(reading: Promise<Credential>): void {
    if (this.#current === reading) this.#current = undefined;
  }
}

const parse = (text = "{}"): Partial<Record<keyof Credential, unknown>> => {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // the parser's own error message would quote the secret
  }
};
