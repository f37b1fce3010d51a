"use strict";
// Node.js's side of the bindings: jsii's kernel in one process, loading as little as it can.
// See __init__.py for the reasons. `node kernel.cjs PROGRAM CACHE` expects the channel to Python at
// file descriptor 3.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const workers = require("node:worker_threads");

const [program, cache] = process.argv.slice(2);

// Node.js itself compares each cached module with the module's content and with V8's version.
Module.enableCompileCache?.(cache);

// jsii loads packages through links in a new folder each time. Their real paths stay the same, so
// V8's cache finds them: Node.js resolves links, while jsii goes on to make them.
process.execArgv.push("--preserve-symlinks");

// A package found by its real path does not see its siblings, which jsii links in `linkFolder`.
// A provider's eager index is replaced by the lazy one beside it, if there is one.
const EAGER_INDEX = path.join("lib", "index.js");
const LAZY_INDEX = "lazy-index.js";
const resolveFilename = Module._resolveFilename;
let linkFolder;

function resolveBesideLinks(request, parent, isMain, options) {
  try {
    return resolveFilename.call(Module, request, parent, isMain, options);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" || linkFolder === undefined) throw error;
    return resolveFilename.call(Module, request, parent, isMain, { paths: [linkFolder] });
  }
}

Module._resolveFilename = function (request, parent, isMain, options) {
  if (options?.paths !== undefined) linkFolder = options.paths[0];
  const resolved = resolveBesideLinks(request, parent, isMain, options);
  if (request.startsWith(".") || !resolved.endsWith(EAGER_INDEX)) return resolved;
  const lazy = path.join(path.dirname(resolved), LAZY_INDEX);
  return fs.existsSync(lazy) ? lazy : resolved;
};

// A type's definition is read from the file when it is needed, not all of them: 30 MiB less.
const DEFINITIONS = /\.jsii\.runtime-defs\.v\d+\.jsonl$/;
const readFileSync = fs.readFileSync;

fs.readFileSync = function (file, ...options) {
  if (typeof file !== "string" || !DEFINITIONS.test(file)) {
    return readFileSync.call(this, file, ...options);
  }
  const descriptor = openSync(file);
  return {
    toString(encoding, begin, end) {
      const bytes = Buffer.alloc(end - begin);
      fs.readSync(descriptor, bytes, 0, bytes.length, begin);
      return bytes.toString(encoding);
    },
  };
};

// jsii first reads each package to compute its digest, 34 MB in 2,000 buffers; one is enough. Only
// a later reading of the same package, which unpacks it, keeps its buffers.
const CHUNK_BYTES = 16_384;
const chunk = Buffer.alloc(CHUNK_BYTES);
const digested = new Set();
const { alloc } = Buffer;
const { closeSync, openSync } = fs;
let digesting;

fs.openSync = function (file, ...options) {
  const descriptor = openSync.call(this, file, ...options);
  if (typeof file === "string" && file.endsWith(".jsii.tgz") && !digested.has(file)) {
    digested.add(file);
    digesting = descriptor;
  }
  return descriptor;
};

fs.closeSync = function (descriptor) {
  if (descriptor === digesting) digesting = undefined;
  return closeSync.call(this, descriptor);
};

Buffer.alloc = (size, ...fill) =>
  digesting !== undefined && size === CHUNK_BYTES ? chunk : alloc(size, ...fill);

// CDKTF keeps the JavaScript stack of each token's creation. It names no line of Python.
Error.captureStackTrace = (target) => {
  target.stack = "";
};

// CDKTF zips folders with `archiver` in a process of its own, so this one hardly ever needs it, and
// the 150 modules behind it.
const ARCHIVER = "archiver";
const load = Module._load;

Module._load = function (request, ...place) {
  if (request !== ARCHIVER) return load.call(this, request, ...place);
  const archiver = () => load.call(this, request, ...place);
  return new Proxy(() => undefined, {
    apply: (_target, self, options) => Reflect.apply(archiver(), self, options),
    get: (_target, name) => archiver()[name],
  });
};

// jsii indexes a package's types in a worker, for later runs, and ends without it. Such a run may be
// over first, so the end waits. Python's package names the worker's file in another way than npm's.
const Worker = workers.Worker;
const running = new Set();
const exit = process.exit;

workers.Worker = class extends Worker {
  constructor(file, options) {
    const renamed = path.join(path.dirname(file), `lib__${path.basename(file)}`);
    super(fs.existsSync(renamed) ? renamed : file, options);
    running.add(this);
    this.once("exit", () => running.delete(this));
  }
};

process.exit = (code) => {
  if (running.size === 0) exit(code);
  for (const worker of running) {
    worker.once("exit", () => {
      if (running.size === 0) exit(code);
    });
  }
};

require(program);
