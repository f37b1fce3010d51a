/** Errors for the client: problem+json (RFC 9457). */

import { STATUS_CODES } from "node:http";

import type { Answer } from "./answer.ts";

export interface ProblemError {
  /** Where in the body, a JSON pointer. */
  readonly pointer?: string;
  /** Which parameter or header. */
  readonly parameter?: string;
  readonly message: string;
}

interface Details {
  readonly errors?: readonly ProblemError[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown wherever a request cannot be answered; everything in it reaches the client. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly ProblemError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, { errors, headers = {} }: Details = {}) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  toAnswer(correlationId: string): Answer {
    return {
      status: this.status,
      headers: { "content-type": "application/problem+json", ...this.headers },
      body: {
        type: "about:blank",
        title: STATUS_CODES[this.status],
        status: this.status,
        detail: this.message,
        correlationId,
        errors: this.errors,
      },
    };
  }
}

export const notFound = (): Problem => new Problem(404, "There is nothing at this path.");
