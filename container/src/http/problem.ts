/** Problem details (RFC 9457): the errors that clients see. */

import { STATUS_CODES } from "node:http";

import type { Answer } from "./answer.ts";

export interface ProblemError {
  /** JSON pointer to the faulty part of the body. */
  readonly pointer?: string;
  /** Name of the faulty parameter or header. */
  readonly parameter?: string;
  readonly message: string;
}

interface Details {
  readonly errors?: readonly ProblemError[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown to answer a request with an error. The client sees everything in it. */
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
