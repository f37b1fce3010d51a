/** Finds the operation for a request among those of the API's document. */

import { type Operation, operations } from "../api-document.ts";
import { notFound, Problem } from "./problem.ts";

interface Route {
  readonly pattern: RegExp;
  readonly methods: Map<string, Operation>;
}

export interface Match {
  readonly operation: Operation;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const routes = new Map<string, Route>();
for (const operation of operations) {
  const pattern = new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
  const route = routes.get(operation.path) ?? { pattern, methods: new Map() };
  routes.set(operation.path, route);
  route.methods.set(operation.method, operation);
}

/**
 * Finds the operation for a method and a path. `HEAD` is treated as `GET`.
 *
 * @throws Problem 404 for an unknown path, 405 for an unknown method of a known one.
 */
export const match = (method: string, path: string): Match => {
  for (const { pattern, methods } of routes.values()) {
    const found = pattern.exec(path);
    if (found === null) continue;
    const operation = methods.get(method === "HEAD" ? "GET" : method);
    if (operation === undefined) {
      const allowed = [...methods.keys(), ...(methods.has("GET") ? ["HEAD"] : [])].join(", ");
      throw new Problem(405, `This path accepts ${allowed}.`, { headers: { allow: allowed } });
    }
    return { operation, pathParameters: { ...found.groups } };
  }
  throw notFound();
};
