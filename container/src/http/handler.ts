/** Handlers, which carry out the operations of the API's document. */

import type { Answer } from "./answer.ts";
import type { Parameters } from "./validation.ts";

/** A request that matches the API's document, so handlers may cast its body. */
export interface Call {
  readonly parameters: Parameters;
  readonly body: unknown;
  /** `sub` of the caller's token; empty where the operation needs no token. */
  readonly owner: string;
}

/** Handlers by the ids of their operations. */
export type Handlers = Readonly<Record<string, (call: Call) => Promise<Answer>>>;

export const optionalText = (value: Parameters[string]): string | undefined =>
  value === undefined ? undefined : String(value);
