/** The API's document, `openapi.json`, in the form that the code needs. */

import document from "../openapi.json" with { type: "json" };

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: object;
}

export interface Operation {
  readonly id: string;
  /** HTTP method in upper case. */
  readonly method: string;
  /** Path template such as `/orders/{id}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Scope that the token needs; absent if the operation needs no token. */
  readonly scope?: string;
  /** Reference to the body's schema in the document; absent if the operation takes no body. */
  readonly body?: string;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly security: readonly { readonly userPool?: readonly string[] }[];
  readonly requestBody?: {
    readonly content: {
      readonly "application/json": { readonly schema: { readonly $ref: string } };
    };
  };
}

const sharedParameters = document.components.parameters as Readonly<Record<string, Parameter>>;

const resolve = (parameter: Parameter | { readonly $ref: string }): Parameter => {
  if (!("$ref" in parameter)) return parameter;
  const shared = sharedParameters[parameter.$ref.slice("#/components/parameters/".length)];
  if (shared === undefined) throw new Error(`openapi.json refers to a missing ${parameter.$ref}`);
  return shared;
};

const paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> = document.paths;

export const operations: readonly Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, value]) => {
    const raw = value as RawOperation;
    const scope = raw.security[0]?.userPool?.[0];
    const body = raw.requestBody?.content["application/json"].schema.$ref;
    return {
      id: raw.operationId,
      method: method.toUpperCase(),
      path,
      parameters: raw.parameters.map(resolve),
      ...(scope !== undefined && { scope }),
      ...(body !== undefined && { body }),
    };
  }),
);

const flow = document.components.securitySchemes.userPool.flows.authorizationCode;

/** Scopes for staff: those of the client `back-office`. Machine clients may have them too. */
export const staffScopes: ReadonlySet<string> = new Set(
  Object.entries(flow["x-scope-clients"])
    .filter(([, client]) => client === "back-office")
    .map(([scope]) => scope),
);

export const correlationIdPattern = new RegExp(
  document.components.parameters.CorrelationId.schema.pattern,
);
export const correlationIdMaxLength = document.components.parameters.CorrelationId.schema.maxLength;

export { document };
