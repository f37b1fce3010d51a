/** Configuration: a missing or malformed variable is refused with its name. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { readAdministrationConfiguration, readApiConfiguration } from "../../src/configuration.ts";

const complete = {
  DATABASE_WRITER_HOST: "writer",
  DATABASE_READER_HOST: "reader",
  DATABASE_PORT: "5432",
  DATABASE_NAME: "shop",
  DATABASE_SECRET_ARN: "arn",
  DATABASE_POOL_SIZE: "2",
  DATABASE_CONNECT_TIMEOUT_SECONDS: "5",
  DATABASE_TRANSACTION_SECONDS: "6",
  DATABASE_BUDGET_SECONDS: "27",
  USER_POOL_ISSUER: "https://issuer",
  STAFF_GROUP: "staff",
};

test("a complete environment is read", () => {
  assert.deepEqual(readApiConfiguration(complete), {
    database: { port: 5432, name: "shop", connectTimeoutMillis: 5000 },
    writerHost: "writer",
    readerHost: "reader",
    secretArn: "arn",
    poolSize: 2,
    transactionMillis: 6000,
    budgetMillis: 27_000,
    tokenRules: { issuer: "https://issuer", staffGroup: "staff" },
  });
});

for (const name of Object.keys(complete)) {
  test(`a missing ${name} is refused`, () => {
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

for (const logins of ["api_1", "api_1,", "api_1,api_1", "api_1,api_2,api_3"]) {
  test(`the logins '${logins}' are refused`, () => {
    const environment = {
      ...complete,
      MASTER_SECRET_ARN: "arn",
      API_SECRET_ARN: "arn",
      API_DATABASE_HOST: "writer",
      API_DATABASE_PORT: "5432",
      API_DATABASE_LOGINS: logins,
    };
    assert.throws(
      () => readAdministrationConfiguration(environment),
      /API_DATABASE_LOGINS is '.*', not two different names/,
    );
  });
}
