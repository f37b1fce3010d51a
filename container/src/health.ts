/** The API's operations on health: whether the process and the database answer. */

import type { Endpoints } from "./database/endpoint.ts";
import type { Answer } from "./http/answer.ts";
import type { Handlers } from "./http/handler.ts";

const HEALTHY: Answer = { status: 200, body: { status: "ok" } };

export const makeHealthHandlers = ({ reader, writer }: Endpoints): Handlers => ({
  getHealth: async () => HEALTHY,

  getReadiness: async () => {
    const checks = await Promise.allSettled(
      [reader, writer].map((endpoint) => endpoint.read((query) => query("SELECT 1"))),
    );
    // Both checks have ended by now, so none is still running while Lambda freezes the process.
    for (const check of checks) if (check.status === "rejected") throw check.reason;
    return HEALTHY;
  },
});
