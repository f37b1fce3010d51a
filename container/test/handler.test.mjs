import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { handler } from "../src/handler.mjs";

const apiGateway = (httpMethod, path) => ({
  resource: "/{proxy+}",
  path,
  httpMethod,
  headers: { Host: "abc123.execute-api.eu-west-1.amazonaws.com" },
  multiValueHeaders: { Host: ["abc123.execute-api.eu-west-1.amazonaws.com"] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { proxy: path.slice(1) },
  stageVariables: null,
  requestContext: { resourcePath: "/{proxy+}", httpMethod, path: `/prod${path}`, stage: "prod" },
  body: null,
  isBase64Encoded: false,
});

const targetGroup = {
  elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/1" },
};

const loadBalancer = (httpMethod, path) => ({
  requestContext: targetGroup,
  httpMethod,
  path,
  queryStringParameters: {},
  headers: { "user-agent": "ELB-HealthChecker/2.0" },
  body: "",
  isBase64Encoded: false,
});

const loadBalancerMultiValue = (httpMethod, path) => ({
  requestContext: targetGroup,
  httpMethod,
  path,
  multiValueQueryStringParameters: {},
  multiValueHeaders: { "user-agent": ["ELB-HealthChecker/2.0"] },
  body: "",
  isBase64Encoded: false,
});

for (const makeEvent of [apiGateway, loadBalancer, loadBalancerMultiValue]) {
  test(`${makeEvent.name}: GET /health answers 200 with JSON`, async () => {
    const response = await handler(makeEvent("GET", "/health"));

    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["content-type"], "application/json");
    assert.deepEqual(response.multiValueHeaders["content-type"], ["application/json"]);
    assert.equal(response.isBase64Encoded, false);
    assert.deepEqual(JSON.parse(response.body), { status: "ok" });
  });

  for (const [method, path] of [
    ["GET", "/"],
    ["GET", "/health/more"],
    ["POST", "/health"],
  ]) {
    test(`${makeEvent.name}: ${method} ${path} answers 404 with a problem`, async () => {
      assertNotFound(await handler(makeEvent(method, path)));
    });
  }
}

for (const event of [
  undefined,
  null,
  "",
  "text",
  0,
  true,
  [],
  {},
  { httpMethod: "GET" },
  { path: "/health" },
  { httpMethod: "GET", path: null },
  { httpMethod: {}, path: ["/health"] },
  { Records: [{ eventSource: "aws:sqs" }] },
]) {
  test(`malformed event ${JSON.stringify(event)} answers 404 and does not throw`, async () => {
    assertNotFound(await handler(event));
  });
}

test("the image's command names this handler", async () => {
  const dockerfile = await readFile(new URL("../Dockerfile", import.meta.url), "utf8");
  const [command] = JSON.parse(dockerfile.match(/^CMD (.+)$/m)[1]);
  const [file, name] = command.split(".");

  assert.equal((await import(`../${file}.mjs`))[name], handler);
});

const assertNotFound = (response) => {
  assert.equal(response.statusCode, 404);
  assert.equal(response.headers["content-type"], "application/problem+json");
  const problem = JSON.parse(response.body);
  assert.equal(problem.status, 404);
  assert.equal(problem.title, "Not Found");
};
