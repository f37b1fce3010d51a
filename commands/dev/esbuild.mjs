// Builds a function's bundle at each line on stdin, and answers with one line of JSON: the messages.
// A line is JSON too: the bundle's name, and the folder to write it to, or null for a check only.
//
// It runs in `container/`; its arguments are those of the script `build` there, which esbuild's own
// command line would take. It stays, because esbuild builds faster a second time.
import { renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse, resolve } from "node:path";
import { createInterface } from "node:readline";

const container = process.cwd();
const root = dirname(container); // messages name files from here
const esbuild = createRequire(join(container, "package.json"))("esbuild");

/** Turns arguments such as `--out-extension:.js=.cjs` into the options of esbuild's API. */
function toOptions(parameters) {
  const options = { entryPoints: [] };
  for (const parameter of parameters) {
    const [, name, , key, value] = /^--([a-z-]+)(:([^=]+))?(?:=(.*))?$/.exec(parameter) ?? [];
    if (name === undefined) {
      options.entryPoints.push(resolve(container, parameter));
      continue;
    }
    const option = name.replace(/-./g, (found) => found[1].toUpperCase());
    options[option] = key === undefined ? (value ?? true) : { ...options[option], [key]: value };
  }
  return options;
}

const [style, folder, ...parameters] = process.argv.slice(2);
const { entryPoints, ...options } = toOptions(parameters);
// The builds become siblings of this folder, so the relative paths in their source maps hold.
const unfinished = join(folder, "unfinished");
const contexts = new Map();
for (const entryPoint of entryPoints) {
  const context = await esbuild.context({
    ...options,
    entryPoints: [entryPoint],
    absWorkingDir: root,
    outdir: unfinished,
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "silent",
  });
  contexts.set(parse(entryPoint).name, context);
}

async function build({ name, target }) {
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const { warnings } = await contexts.get(name).rebuild();
    if (target !== null) {
      renameSync(unfinished, target);
    }
    return { errors: [], warnings: await toTexts("warning", warnings) };
  } catch (error) {
    if (error.errors === undefined) {
      throw error;
    }
    return { errors: await toTexts("error", error.errors), warnings: [] };
  }
}

async function toTexts(kind, messages) {
  const texts = await esbuild.formatMessages(messages, { kind, color: style === "coloured" });
  return texts.map((text) => text.trimEnd());
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await build(JSON.parse(line))));
}
await Promise.all([...contexts.values()].map((context) => context.dispose()));
