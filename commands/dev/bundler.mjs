// Builds the API at each line on stdin, which names the folder for the result, and answers with one
// line of JSON. It runs in `container/`; its arguments are those of the script `build` there, which
// esbuild's own command line would take. It stays, because esbuild builds faster a second time.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
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

const [colour, folder, ...parameters] = process.argv.slice(2);
const context = await esbuild.context({
  ...toOptions(parameters),
  absWorkingDir: root,
  // The builds are siblings of this folder, so the source maps' relative paths hold for them.
  outdir: join(folder, "build"),
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "silent",
  write: false,
});

async function build(target) {
  try {
    const { outputFiles } = await context.rebuild();
    mkdirSync(target);
    for (const { path, contents } of outputFiles) {
      writeFileSync(join(target, basename(path)), contents);
    }
    return { problems: [] };
  } catch (error) {
    if (error.errors === undefined) {
      throw error;
    }
    const options = { kind: "error", color: colour === "colour" };
    const problems = await esbuild.formatMessages(error.errors, options);
    return { problems: problems.map((text) => text.trimEnd()) };
  }
}

for await (const target of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await build(target)));
}
await context.dispose();
