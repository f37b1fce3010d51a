/** A database credential in Secrets Manager, read once and again when it stops working. */

import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** A client whose calls fail soon enough for a request to be answered within API Gateway's 29 s. */
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
 * @throws ResourceNotFoundException if the secret has no value yet; Error if that is no credential.
 */
export const readCredential = async (
  client: SecretsManagerClient,
  arn: string,
): Promise<Credential> => {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = parse(SecretString);
  if (typeof username !== "string" || typeof password !== "string") {
    throw new Error(`the secret ${arn} holds no username and password`);
  }
  return { username, password };
};

/** The API's credential, shared by all who connect with it. */
export class CredentialCache {
  readonly #read: () => Promise<Credential>;
  #current: Promise<Credential> | undefined;

  constructor(read: () => Promise<Credential>) {
    this.#read = read;
  }

  /** The credential as last read; reads it the first time, and again after a failure. */
  current(): Promise<Credential> {
    if (this.#current === undefined) {
      const reading = this.#read();
      this.#current = reading;
      reading.catch(() => this.#forget(reading));
    }
    return this.#current;
  }

  /**
   * Reads anew what the database refused.
   *
   * @param refused What `current()` gave. If another caller had it read again since, that is taken.
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
    return {}; // the parser's own message would quote the secret
  }
};
