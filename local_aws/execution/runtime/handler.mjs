// Finds the function that a handler string such as `folder/module.handler` names, as Lambda's
// managed Node.js runtime does.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { runtimeError } from "./errors.mjs";

export async function loadHandler(root, handler) {
  const [, module, path] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  if (path === undefined || handler.includes("..")) {
    throw runtimeError("MalformedHandlerName", `'${handler}' is not a valid handler name.`);
  }
  const exported = await loadModule(resolve(root, dirname(handler), module));
  const found = path.split(".").reduce((owner, key) => owner?.[key], exported);
  if (typeof found !== "function") {
    const problem = found === undefined ? "undefined or not exported" : "not a function";
    throw runtimeError("HandlerNotFound", `${handler} is ${problem}`);
  }
  return found;
}

async function loadModule(module) {
  const file = [".js", ".mjs", ".cjs"].map((suffix) => module + suffix).find(existsSync);
  if (file === undefined) {
    const message = `Error: Cannot find module '${basename(module)}'`;
    throw runtimeError("ImportModuleError", message);
  }
  try {
    return isCommonJs(file)
      ? createRequire(import.meta.url)(file)
      : await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw runtimeError("UserCodeSyntaxError", error);
    }
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw runtimeError("ImportModuleError", error);
    }
    throw error;
  }
}

function isCommonJs(file) {
  return file.endsWith(".cjs") || (file.endsWith(".js") && !insideModulePackage(dirname(file)));
}

/** Whether the nearest package.json says that `.js` files are ES modules. */
function insideModulePackage(folder) {
  const description = join(folder, "package.json");
  if (existsSync(description)) {
    return JSON.parse(readFileSync(description, "utf8")).type === "module";
  }
  return folder !== dirname(folder) && insideModulePackage(dirname(folder));
}
