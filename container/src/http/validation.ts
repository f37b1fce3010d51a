/** Validates parameters and bodies against the schemas of the API's document. */

import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

import { document, type Operation } from "../api-document.ts";
import { Problem, type ProblemError } from "./problem.ts";

/** Cap on reported errors. */
const MAX_ERRORS = 20;

// Formats are not validated; the pattern beside each format is.
const common = { allErrors: true, validateFormats: false, strict: true };
const bodies = new Ajv(common);
// Values in a path, query or header are text, so "20" is converted to an integer.
const parameters = new Ajv({ ...common, coerceTypes: true, useDefaults: true });
parameters.addVocabulary(["example"]);
bodies.addVocabulary(["example", "components"]);
bodies.addSchema({ components: document.components }, "openapi.json");

const validators = new Map<string, ValidateFunction>();

export type Parameters = Record<string, string | number | undefined>;

/**
 * Reads an operation's parameters from the path, query and headers of a request.
 *
 * @returns The parameters by name, with defaults filled in.
 * @throws Problem 400 that names every wrong parameter.
 */
export const readParameters = (
  operation: Operation,
  given: Record<"path" | "query" | "header", Readonly<Record<string, string>>>,
): Parameters => {
  const values: Parameters = {};
  for (const { name, in: kind } of checked(operation)) {
    const value = given[kind][kind === "header" ? name.toLowerCase() : name];
    if (value !== undefined) values[name] = value;
  }
  const validate = validator(`${operation.id} parameters`, () =>
    parameters.compile(parametersSchema(operation)),
  );
  if (!validate(values)) throw invalid("Some parameters are wrong.", validate.errors, toParameter);
  return values;
};

/** @throws Problem 400 that names every wrong field. */
export const checkBody = (reference: string, body: unknown): void => {
  const validate = validator(reference, () => bodies.compile({ $ref: `openapi.json${reference}` }));
  if (!validate(body)) {
    throw invalid("The body does not match its schema.", validate.errors, toPointer);
  }
};

/** Returns a compiled schema. It is compiled at first use, to keep the cold start short. */
const validator = (key: string, compile: () => ValidateFunction): ValidateFunction => {
  const known = validators.get(key) ?? compile();
  validators.set(key, known);
  return known;
};

/** Leaves out the correlation id: a malformed one is replaced, not refused. */
const checked = (operation: Operation) =>
  operation.parameters.filter(({ name }) => name !== "X-Correlation-Id");

const parametersSchema = (operation: Operation): object => ({
  type: "object",
  properties: Object.fromEntries(checked(operation).map(({ name, schema }) => [name, schema])),
  required: checked(operation)
    .filter(({ required }) => required)
    .map(({ name }) => name),
});

const invalid = (
  detail: string,
  errors: ErrorObject[] | null | undefined,
  toError: (error: ErrorObject) => ProblemError,
): Problem =>
  new Problem(400, detail, { errors: (errors ?? []).slice(0, MAX_ERRORS).map(toError) });

const toPointer = (error: ErrorObject): ProblemError => ({
  pointer: error.instancePath,
  message: toMessage(error),
});

const toParameter = (error: ErrorObject): ProblemError => ({
  parameter: error.params.missingProperty ?? error.instancePath.slice(1),
  message: error.keyword === "required" ? "is missing" : toMessage(error),
});

const toMessage = ({ keyword, message, params }: ErrorObject): string => {
  if (keyword === "additionalProperties") return `must not have '${params.additionalProperty}'`;
  if (keyword === "enum") return `must be one of ${params.allowedValues.join(", ")}`;
  return message ?? "is wrong";
};
