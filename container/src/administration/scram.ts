/**
 * The SCRAM verifier that PostgreSQL stores instead of a password. Sending the verifier keeps the
 * password itself out of the server's log.
 * https://www.postgresql.org/docs/16/catalog-pg-authid.html, RFC 5802
 */

import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 4096;

/** @param password ASCII only: other characters would have to be normalised first. */
export const scramVerifier = (password: string): string => {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const key = (name: string): Buffer => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest();
  const [saltText, stored, server] = [salt, storedKey, key("Server Key")].map((bytes) =>
    bytes.toString("base64"),
  );
  return `SCRAM-SHA-256$${ITERATIONS}:${saltText}$${stored}:${server}`;
};
