/**
 * Identifies the caller by the claims of an access token.
 *
 * API Gateway's Cognito authorizer has already verified the token's signature and scope. All other
 * claims are checked here, and the scope again, so that a route without an authorizer refuses every
 * request. A load balancer passes no claims at all.
 */

import { staffScopes } from "../api-document.ts";
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
 * @returns `sub`, the owner of the orders that the caller places.
 * @throws Problem 401 without a valid token, 403 if the token does not allow the scope.
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
  // Machine clients have no groups, so they skip this check.
  if (staffScopes.has(scope) && !isMachine(claims) && !groups(claims).includes(rules.staffGroup)) {
    throw new Problem(403, `Only members of the group ${rules.staffGroup} may do this.`);
  }
  return claims.sub;
};

/** The authorizer passes `exp` as a date such as `Tue Nov 25 10:00:00 UTC 2025`. */
const expiry = ({ exp = "" }: Claims): number =>
  /^\d+$/.test(exp) ? Number(exp) * 1000 : Date.parse(exp);

/** A token of the client credentials grant belongs to a client, not to a user. */
const isMachine = ({ sub, client_id, username }: Claims): boolean =>
  username === undefined && sub === client_id;

/** The authorizer passes the list as text, `[staff other]` or `staff,other`. */
const groups = (claims: Claims): string[] => claims["cognito:groups"]?.split(/[[\],\s]+/) ?? [];
