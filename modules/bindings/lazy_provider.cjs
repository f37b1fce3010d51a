"use strict";
// Preloaded into jsii's Node.js process: see __init__.py for the reason.
// Whenever a CDKTF provider package resolves to its eager index, and it ships a lazy one beside it,
// the lazy one is loaded instead. Anything else resolves as ever.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const EAGER_INDEX = path.join("@cdktf", "provider-aws", "lib", "index.js");
const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function (...args) {
  const resolved = resolveFilename.apply(this, args);
  if (!resolved.endsWith(EAGER_INDEX)) return resolved;
  const lazy = path.join(path.dirname(resolved), "lazy-index.js");
  return fs.existsSync(lazy) ? lazy : resolved;
};
