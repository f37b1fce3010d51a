/**
 * The check that a release makes on a new version before the version gets traffic.
 *
 * Terraform invokes the version with `{"check": event}`, where `event` is a proxy event. Terraform
 * stops at a function error only, so a failed check throws. No client can send such an event: API
 * Gateway and load balancers write the events of requests themselves.
 */

import type { Context } from "aws-lambda";

import type { Application } from "./application.ts";

interface Check {
  readonly check?: unknown;
}

/** Adds the check to an application, which goes on answering all other events. */
export const withReleaseCheck =
  (application: Application): Application =>
  async (event: unknown, context: Context) => {
    const request = (event as Check | null)?.check;
    if (request === undefined) return application(event, context);
    const answer = await application(request, context);
    if (answer.statusCode !== 200) {
      throw new Error(`the check is answered with ${answer.statusCode}: ${answer.body}`);
    }
    return answer;
  };
