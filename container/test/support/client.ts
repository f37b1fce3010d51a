/** Sends requests as API Gateway does, and checks every answer against the API's document. */

import type { Context } from "aws-lambda";

import type { Application } from "../../src/application.ts";
import { assertDocumented } from "./contract.ts";

export const ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE";

export const TOKEN_RULES = { issuer: ISSUER, staffGroup: "staff" };

export const context = {
  awsRequestId: "lambda-request",
  getRemainingTimeInMillis: () => 300_000,
} as Context;

type Claims = Readonly<Record<string, string>>;

/** The claims of a customer's access token, in the form that the authorizer passes. */
export const customer = (sub: string, claims: Partial<Claims> = {}): Claims =>
  ({
    sub,
    iss: ISSUER,
    client_id: "website",
    username: sub,
    token_use: "access",
    scope: "shop/orders.read shop/orders.write",
    exp: new Date(Date.now() + 3_600_000).toUTCString(),
    ...claims,
  } as Claims);

export const staff = customer("clerk", {
  scope: "openid shop/products.write",
  "cognito:groups": "staff",
});

export interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, in place of `body`. */
  readonly rawBody?: string;
  readonly claims?: Claims;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: any;
}

export type Client = (method: string, path: string, sent?: Sent) => Promise<Received>;

export const makeClient =
  (application: Application): Client =>
  async (method, path, { query = {}, headers = {}, body, rawBody, claims } = {}) => {
    const text = rawBody ?? (body === undefined ? null : JSON.stringify(body));
    const event = {
      resource: path,
      path,
      httpMethod: method,
      headers: { ...(text !== null && { "Content-Type": "application/json" }), ...headers },
      queryStringParameters: query,
      requestContext: { requestId: "gateway-request", ...(claims && { authorizer: { claims } }) },
      body: text,
      isBase64Encoded: false,
    };
    const answer = await application(event, context);
    assertDocumented(method, path, answer);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === "" ? undefined : JSON.parse(answer.body),
    };
  };
