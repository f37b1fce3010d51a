/**
 * The administration's function: the only one that acts as the database's master. Nobody reaches it
 * by a request; operators and Terraform invoke it.
 *
 * `{"action": "migrate", "sampleData": false}` brings roles, schema and the API's credential up to
 * date; `{"action": "rotate"}` replaces the credential.
 */

import type { Context } from "aws-lambda";

import { asMaster } from "./administration/connecting.ts";
import { type Migrated, migrate } from "./administration/migrator.ts";
import { grantRights, makeRoles } from "./administration/roles.ts";
import { ensureCredential, rotate } from "./administration/rotation.ts";
import { addSampleData } from "./administration/sample-data.ts";
import { readAdministrationConfiguration } from "./configuration.ts";
import { makeSecretsManager, readCredential } from "./database/secret.ts";
import { logger } from "./logging.ts";
import { migrations } from "./migrations/index.ts";

interface Command {
  readonly action?: unknown;
  readonly sampleData?: unknown;
}

const configuration = readAdministrationConfiguration(process.env);
const secretsManager = makeSecretsManager();
const readMaster = () => readCredential(secretsManager, configuration.masterSecretArn);
const place = { configuration, secretsManager };

/** @throws Error if the action is unknown or fails; the message is for the operator. */
export const handler = async (
  command: Command,
  context: Context,
): Promise<Migrated | { username: string }> => {
  logger.resetKeys();
  logger.addContext(context);
  switch (command.action) {
    case "migrate":
      return asMaster(configuration, readMaster, async (client) => {
        await makeRoles(client, configuration.apiLogins);
        const migrated = await migrate(client, migrations);
        await grantRights(client, configuration.database.name);
        await ensureCredential(client, place);
        if (command.sampleData === true) await addSampleData(client);
        logger.info("the database is up to date", { ...migrated });
        return migrated;
      });
    case "rotate":
      return asMaster(configuration, readMaster, async (client) => {
        const username = await rotate(client, place);
        logger.info("the API has a new credential", { username });
        return { username };
      });
    default:
      throw new Error(
        `the action is ${JSON.stringify(command.action)}, neither "migrate" nor "rotate"`,
      );
  }
};
