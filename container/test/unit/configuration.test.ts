/** What is wrong with the environment is said by name. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { readApiConfiguration } from "../../src/configuration.ts";

const complete = {
  DATABASE_WRITER_HOST: "writer",
  DATABASE_READER_HOST: "reader",
  DATABASE_PORT: "5432",
  DATABASE_NAME: "shop",
  DATABASE_SECRET_ARN: "arn",
  DATABASE_POOL_SIZE: "2",
  DATABASE_CONNECT_TIMEOUT_SECONDS: "5",
  USER_POOL_ISSUER: "https://issuer",
};

test("a complete environment is read", () => {
  assert.deepEqual(readApiConfiguration(complete), {
    database: { port: 5432, name: "shop", connectTimeoutMillis: 5000 },
    writerHost: "writer",
    readerHost: "reader",
    secretArn: "arn",
    poolSize: 2,
    issuer: "https://issuer",
  });
});

for (const name of Object.keys(complete)) {
  test(`${name} must be there`, () => {
    assert.throws(() => readApiConfiguration({ ...complete, [name]: "" }), {
      message: `the environment variable ${name} is missing`,
    });
  });
}

for (const value of ["0", "-1", "1.5", "many", " 2"]) {
  test(`a pool of '${value}' connections is refused`, () => {
    const environment = { ...complete, DATABASE_POOL_SIZE: value };
    assert.throws(() => readApiConfiguration(environment), /DATABASE_POOL_SIZE is '.*', not a/);
  });
}
