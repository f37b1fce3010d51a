/**
 * Who calls: the claims of an access token that API Gateway's Cognito authorizer has verified.
 *
 * API Gateway checked signature and scope already. All else is checked here, and the scope again,
 * so that a route without its authorizer stays shut. A load balancer hands over no claims at all.
 */

import { staffScopes } from "../specification.ts";
import { Problem } from "./problem.ts";

type Claims = Readonly<Record<string, string>>;

export interface TokenRules {
  /** `iss` of the tokens that are accepted: the user pool. */
  readonly issuer: string;
  /** The user pool's group whose members may use the scopes for staff. */
  readonly staffGroup: string;
}

/**
 * Checks a token's claims.
 *
 * @param now Milliseconds since 1970.
 * @returns `sub`, which owns what the caller makes.
 * @throws Problem 401 without a valid token, 403 if it does not allow the scope.
 */
export const identify = (
  claims: Claims | undefined,
  { scope, rules, now }: { scope: string; rules: TokenRules; now: number },
): string => {
  if (
    !claims?.sub ||
    claims.iss !== rules.issuer ||
    claims.token_use !== "access" ||
    !(expiry(claims) > now)
  ) {
    throw new Problem(401, "A valid access token is needed.", {
      headers: { "www-authenticate": "Bearer" },
    });
  }
  if (!claims.scope?.split(" ").includes(scope)) {
    throw new Problem(403, `The token lacks the scope ${scope}.`);
  }
  // Machine clients skip the check of the group.
  if (staffScopes.has(scope) && !isMachine(claims) && !groups(claims).includes(rules.staffGroup)) {
    throw new Problem(403, `Only members of the group ${rules.staffGroup} may do this.`);
  }
  return claims.sub;
};

/** The authorizer turns `exp` into a date such as `Tue Nov 25 10:00:00 UTC 2025`. */
const expiry = ({ exp = "" }: Claims): number =>
  /^\d+$/.test(exp) ? Number(exp) * 1000 : Date.parse(exp);

/** Tokens of the client credentials grant stand for the client itself, and have no user. */
const isMachine = ({ sub, client_id, username }: Claims): boolean =>
  username === undefined && sub === client_id;

/** The authorizer joins a list into text, `[staff other]` or `staff,other`. */
const groups = (claims: Claims): string[] => claims["cognito:groups"]?.split(/[[\],\s]+/) ?? [];
