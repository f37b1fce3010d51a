/**
 * The API's function: answers proxy events of an API Gateway REST API and of a load balancer.
 *
 * What is made here lives as long as the execution environment, the database connections too.
 */

import { makeApplication } from "./application.ts";
import { readApiConfiguration } from "./configuration.ts";
import { Endpoint } from "./database/endpoint.ts";
import { CredentialCache, makeSecretsManager, readCredential } from "./database/secret.ts";
import { makeHandlers } from "./operations.ts";

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

export const handler = makeApplication({ handlers, tokenRules });
