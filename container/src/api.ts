/**
 * The API's function: answers proxy events of an API Gateway REST API and of a load balancer, and
 * the check of a release.
 *
 * The objects created here live as long as the execution environment, including the database
 * connections.
 */

import { makeApplication } from "./application.ts";
import { readApiConfiguration } from "./configuration.ts";
import { CredentialCache, makeSecretsManager, readCredential } from "./database/credential.ts";
import { Endpoint } from "./database/endpoint.ts";
import { makeHandlers } from "./handlers.ts";
import { withReleaseCheck } from "./release-check.ts";

const { writerHost, readerHost, secretArn, tokenRules, ...configuration } = readApiConfiguration(
  process.env,
);
const secretsManager = makeSecretsManager();
const credentials = new CredentialCache(() => readCredential(secretsManager, secretArn));
const shared = { ...configuration, credentials };
const handlers = makeHandlers({
  reader: new Endpoint({ host: readerHost, ...shared }),
  writer: new Endpoint({ host: writerHost, ...shared }),
});

export const handler = withReleaseCheck(makeApplication({ handlers, tokenRules }));
