// Loaded before the function's code: lets a name and port that resolve inside the VPC only lead to
// the server on this machine that stands for them. Only where a socket connects to is changed: the
// code still asks for the name, so TLS verifies the name.
//
// The last argument of the command line is the registry, `{"host:port": "127.0.0.1:real port"}`;
// servers come and go, so it is read at each connect.
"use strict";

const { readFileSync } = require("node:fs");
const { Socket } = require("node:net");

const registry = process.argv.at(-1);
const connect = Socket.prototype.connect;

function destination(host, port) {
  try {
    return JSON.parse(readFileSync(registry, "utf8"))[`${host}:${port}`];
  } catch {
    return undefined; // no server has registered itself yet
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
    first[0] = redirected(first[0]); // Node.js passes on its own normalised `[options, listener]`
  } else if (typeof first === "object") {
    parameters[0] = redirected(first);
  } else if (typeof second === "string") {
    parameters.splice(0, 2, redirected({ port: first, host: second }));
  }
  return connect.apply(this, parameters);
};
