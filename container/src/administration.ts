/**
 * The administration function: the only one that signs in as the database's master user. Terraform,
 * a schedule and operators invoke it; no HTTP request reaches it.
 *
 * `{"action": "migrate", "sampleData": false}` brings roles, schema and the API's credential up to
 * date, and fails if the credential does not work. `{"action": "rotate"}` replaces the credential.
 */

import type { Context } from "aws-lambda";

import { asMaster, exclusively } from "./administration/connection.ts";
import { type Migrated, migrate } from "./administration/migrate.ts";
import { grantPrivileges, createRoles } from "./administration/roles.ts";
import { ensureCredential, rotate, waitForCredential } from "./administration/rotation.ts";
import { addSampleData } from "./administration/sample-data.ts";
import { readAdministrationConfiguration } from "./configuration.ts";
import { makeSecretsManager, readCredential } from "./database/credential.ts";
import { logger } from "./logging.ts";
import { migrations } from "./migrations/index.ts";

interface Command {
  readonly action?: unknown;
  readonly sampleData?: unknown;
}

const configuration = readAdministrationConfiguration(process.env);
const secretsManager = makeSecretsManager();
const readMaster = () => readCredential(secretsManager, configuration.masterSecretArn);
const dependencies = { configuration, secretsManager };

/** @throws Error if the action is unknown or fails. Its message is for the operator. */
export const handler = async (
  command: Command,
  context: Context,
): Promise<Migrated | { username: string }> => {
  logger.resetKeys();
  logger.addContext(context);
  switch (command.action) {
    case "migrate":
      return asMaster(configuration, readMaster, async (client) => {
        const migrated = await exclusively(client, async () => {
          await createRoles(client, configuration.apiLogins);
          const done = await migrate(client, migrations);
          await grantPrivileges(client, configuration.database.name);
          await ensureCredential(client, dependencies);
          if (command.sampleData === true) await addSampleData(client);
          return done;
        });
        await waitForCredential(client, dependencies, context.getRemainingTimeInMillis());
        logger.info("migrated the database", { ...migrated });
        return migrated;
      });
    case "rotate":
      return asMaster(configuration, readMaster, async (client) => {
        const username = await exclusively(client, () => rotate(client, dependencies));
        logger.info("rotated the credential of the API", { username });
        return { username };
      });
    default:
      throw new Error(
        `the action is ${JSON.stringify(command.action)}, neither "migrate" nor "rotate"`,
      );
  }
};
