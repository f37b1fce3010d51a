/** A relay to the database that loses connections unnoticed, as happens to a frozen function. */

import { connect, createServer, type Socket } from "node:net";

import { port as databasePort } from "./functions.ts";

export interface Proxy {
  readonly port: number;
  /** Cuts all connections to the database. Clients notice only when they write. New ones work. */
  readonly cut: () => void;
  /** Stops passing on what clients send, in all connections. */
  readonly stall: () => void;
  readonly close: () => void;
}

export const makeProxy = async (): Promise<Proxy> => {
  const pairs = new Map<Socket, Socket>();
  let stalled = false;
  const server = createServer((client) => {
    const upstream = connect(databasePort, "127.0.0.1");
    pairs.set(client, upstream);
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("data", (data) => {
      if (stalled) return;
      if (upstream.destroyed) client.resetAndDestroy();
      else upstream.write(data);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("data", (data) => client.write(data));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    port: (server.address() as { port: number }).port,
    cut: () => {
      for (const upstream of pairs.values()) upstream.destroy();
    },
    stall: () => {
      stalled = true;
    },
    close: () => {
      server.close();
      for (const client of pairs.keys()) client.destroy();
    },
  };
};
