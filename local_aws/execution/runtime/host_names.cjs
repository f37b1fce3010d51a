// Leads connections to host names of the VPC to the servers on this machine that stand for them. It
// is loaded before the function's code. It changes only the destination of a socket: the code still
// uses the host name, so TLS verifies that name.
//
// The last argument of the command line is the registry file, `{"host:port": "127.0.0.1:port"}`. It
// is read at each connection, because servers start and stop.
"use strict";

const { readFileSync } = require("node:fs");
const { Socket } = require("node:net");

const registry = process.argv.at(-1);
const connect = Socket.prototype.connect;

function destination(host, port) {
  try {
    return JSON.parse(readFileSync(registry, "utf8"))[`${host}:${port}`];
  } catch {
    return undefined; // there is no registry, so nothing is redirected
  }
}

function redirected(options) {
  const found = options.path ? undefined : destination(options.host, options.port);
  if (found === undefined) {
    return options;
  }
  const [host, port] = found.split(":");
  return { ...options, host, port: Number(port) };
}

Socket.prototype.connect = function (...parameters) {
  const [first, second] = parameters;
  if (Array.isArray(first)) {
    first[0] = redirected(first[0]); // Node.js's own calls pass normalised `[options, listener]`
  } else if (typeof first === "object") {
    parameters[0] = redirected(first);
  } else if (typeof second === "string") {
    parameters.splice(0, 2, redirected({ port: first, host: second }));
  }
  return connect.apply(this, parameters);
};
