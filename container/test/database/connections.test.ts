/** Database connections: verified, limited in time, and replaced when they are lost. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { afterEach, before, test } from "node:test";

import { makeApplication } from "../../src/application.ts";
import type { Endpoint } from "../../src/database/endpoint.ts";
import { Unavailable } from "../../src/database/failures.ts";
import { makeHandlers } from "../../src/handlers.ts";
import { customer, makeClient, TOKEN_RULES } from "../support/client.ts";
import {
  addProduct,
  administer,
  connectAs,
  database,
  endSessions,
  makeEndpoint,
  master,
  readApiCredential,
  send,
  sql,
  stockOf,
} from "../support/functions.ts";
import { makeProxy } from "../support/proxy.ts";

before(() => administer({ action: "migrate" }));

const client = (endpoints: { reader: Endpoint; writer: Endpoint }) =>
  makeClient(makeApplication({ handlers: makeHandlers(endpoints), tokenRules: TOKEN_RULES }));
const order = (through: typeof send, productId: string) =>
  through("POST", "/orders", {
    body: { lines: [{ productId, quantity: 1 }] },
    headers: { "Idempotency-Key": randomUUID() },
    claims: customer("jane"),
  });
const probe = (endpoint: Endpoint) => endpoint.read((query) => query("SELECT 1"));
const unavailableBy = (cause: RegExp) => (error: unknown) =>
  error instanceof Unavailable && cause.test(String(error.cause));

/** Changes a setting of the server for new sessions; the end of the test reverts it. */
const undo: string[] = [];
const set = async (statement: string, reverse: string) => {
  undo.push(reverse);
  await sql(statement);
  await endSessions();
};
afterEach(async () => {
  for (const statement of undo.splice(0)) await sql(statement);
  await endSessions();
});

test("sessions that the server ended are replaced without a failed request", async () => {
  const { id } = await addProduct({ stock: 2 });

  for (const left of [1, 0]) {
    await Promise.all([send("GET", "/health/ready"), send("GET", "/catalog/products")]);
    await endSessions();
    assert.equal((await order(send, id)).status, 201);
    assert.equal(await stockOf(id), left);
  }
});

test("connections that were lost unnoticed are replaced without a failed request", async () => {
  const { id } = await addProduct({ stock: 5 });
  const proxy = await makeProxy();
  const endpoint = makeEndpoint({ port: proxy.port });
  const through = client({ reader: endpoint, writer: endpoint });
  await Promise.all([probe(endpoint), probe(endpoint)]); // now the pool has two connections

  proxy.cut();
  assert.equal((await through("GET", "/catalog/products")).status, 200);
  proxy.cut();
  assert.equal((await order(through, id)).status, 201);

  assert.equal(await stockOf(id), 4);
  proxy.close();
});

test("a connection that stops answering is closed after the longest transaction time", async () => {
  const proxy = await makeProxy();
  const endpoint = makeEndpoint({ port: proxy.port });
  await probe(endpoint);

  proxy.stall();

  await assert.rejects(probe(endpoint), unavailableBy(/terminated/));
  proxy.close();
});

test("reads use the reader's endpoint, writes use the writer's", async () => {
  const { id } = await addProduct({ stock: 5 });
  const nowhere = makeEndpoint({ port: 1 });
  const onlyReader = client({ reader: makeEndpoint(), writer: nowhere });
  const onlyWriter = client({ reader: nowhere, writer: makeEndpoint() });

  assert.equal((await onlyReader("GET", "/catalog/products")).status, 200);
  assert.equal((await onlyReader("GET", `/catalog/products/${id}`)).status, 200);
  assert.equal((await order(onlyReader, id)).status, 503);
  const placed = await order(onlyWriter, id);
  assert.equal(placed.status, 201);
  const path = `/orders/${placed.body.id}`;
  assert.equal((await onlyReader("GET", path, { claims: customer("jane") })).status, 200);
  assert.equal((await onlyReader("GET", "/health/ready")).status, 503);
  assert.equal((await onlyWriter("GET", "/health/ready")).status, 503);
  assert.equal((await onlyWriter("GET", "/health")).status, 200);
});

test("an order that the reader does not have yet is read from the writer", async () => {
  const { id } = await addProduct();
  const placed = await order(send, id);
  const lagging = { read: async (work: any) => work(async () => []) } as Endpoint;
  const through = client({ reader: lagging, writer: makeEndpoint() });

  const found = await through("GET", `/orders/${placed.body.id}`, { claims: customer("jane") });

  assert.deepEqual(found.body, placed.body);
});

test("a transaction for reading cannot write", async () => {
  const { id } = await addProduct({ stock: 5 });

  const write = makeEndpoint().read((query) => query("UPDATE shop.products SET stock = 0"));

  await assert.rejects(write, unavailableBy(/read-only transaction/));
  assert.equal(await stockOf(id), 5);
});

test("a server whose certificate names another host is refused", async () => {
  await assert.rejects(probe(makeEndpoint({ host: "127.0.0.1" })), unavailableBy(/altnames/));
});

/** Runs `use` with the port of a server that is not PostgreSQL. */
const withImpostor = async (
  onConnection: (socket: Socket) => void,
  use: (port: number) => Promise<void>,
) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await use((server.address() as { port: number }).port);
  for (const socket of sockets) socket.destroy();
  server.close();
};

test("a server without TLS is refused", () =>
  withImpostor(
    (socket) => socket.on("data", () => socket.write("N")),
    (port) => assert.rejects(probe(makeEndpoint({ port })), unavailableBy(/does not support SSL/)),
  ));

test("connecting to a server that never answers ends in a timeout", () =>
  withImpostor(
    () => {},
    (port) => assert.rejects(probe(makeEndpoint({ port })), unavailableBy(/timeout/)),
  ));

test("a server without free connections causes a 503 until it has some", async () => {
  const { username } = await readApiCredential();
  const endpoint = makeEndpoint();
  const through = client({ reader: endpoint, writer: endpoint });
  undo.push(`ALTER ROLE ${username} CONNECTION LIMIT -1`);
  await sql(`ALTER ROLE ${username} CONNECTION LIMIT 0`);

  assert.equal((await through("GET", "/health/ready")).status, 503);

  await sql(undo.pop() ?? "");
  assert.equal((await through("GET", "/health/ready")).status, 200);
});

test("a pool without a free connection makes the database unavailable", async () => {
  const endpoint = makeEndpoint();
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const busy = [1, 2].map(() => endpoint.read(() => finished));

  await assert.rejects(probe(endpoint), unavailableBy(/timeout/));

  finish();
  await Promise.all(busy);
  await probe(endpoint);
});

test("a write that meets a reader after a failover is a 503; the next one reconnects", async () => {
  const { id } = await addProduct({ stock: 5 });
  await set(
    `ALTER DATABASE ${database} SET default_transaction_read_only = on`,
    `ALTER DATABASE ${database} RESET default_transaction_read_only`,
  );

  const { status } = await order(send, id);
  // A session of the master to this database would be read-only as well.
  const administrator = await connectAs(master, "postgres");
  await administrator.query(undo.pop() ?? "");
  await administrator.end();

  assert.equal(status, 503);
  // The order succeeds because it uses a new connection; the old one still works and is read-only.
  assert.equal((await order(send, id)).status, 201);
  assert.equal(await stockOf(id), 4);
});

test("an order that waits too long for a locked product is a 503 and takes nothing", async () => {
  const { id } = await addProduct({ stock: 5 });
  const { username } = await readApiCredential();
  await set(
    `ALTER ROLE ${username} SET lock_timeout = '100ms'`,
    `ALTER ROLE ${username} SET lock_timeout = '4s'`,
  );
  const other = await connectAs(master);
  await other.query("BEGIN");
  await other.query("SELECT FROM shop.products WHERE id = $1 FOR UPDATE", [id]);

  const { status, headers } = await order(send, id);
  await other.end();

  assert.equal(status, 503);
  assert.match(headers["retry-after"] ?? "", /^\d+$/);
  assert.equal(await stockOf(id), 5);
  assert.equal((await order(send, id)).status, 201);
});
