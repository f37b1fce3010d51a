/** Why the shop refuses a well-formed request; `application.ts` maps each reason to a status. */

export type Reason =
  /** The request cannot be carried out as it is, whatever the state of the shop. */
  | "invalid"
  /** The state of the shop does not allow it, for example a short stock. */
  | "conflict"
  /** The client knows an older version of what it wants to change. */
  | "outdated"
  /** The idempotency key belongs to another request. */
  | "key-reused";

/** One fault of the request. */
export interface Fault {
  /** JSON pointer into the request's body. */
  readonly pointer: string;
  readonly message: string;
}

/** Thrown to refuse a request; rolls back the transaction around it. The client sees all of it. */
export class Refusal extends Error {
  readonly reason: Reason;
  readonly faults: readonly Fault[] | undefined;

  constructor(reason: Reason, message: string, faults?: readonly Fault[]) {
    super(message);
    this.reason = reason;
    this.faults = faults;
  }
}
