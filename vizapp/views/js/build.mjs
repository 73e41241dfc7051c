// Bundles src/main.ts, three.js included, into ../dist/vizapp.js and writes the licences of
// everything that ended up inside next to it. Called by hatch_build.py, or by `npm run build`.
// ../dist/scene.js is the 3D scene by itself and ../dist/network.js the geometry of edges, for their tests;
// they are not in the wheel.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "dist");

const result = await build({
  absWorkingDir: here,
  entryPoints: { vizapp: "src/main.ts", scene: "src/scene/scene.ts", network: "src/network.ts" },
  outdir: "dist", // nothing is written there: see `write` and `place`
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "inline",
  loader: { ".css": "text" },
  metafile: true,
  write: false,
  logLevel: "info",
});

// The packages whose code is in the bundle, whatever their nesting: "three", "@scope/name".
const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  if (match) packages.add(match[1]);
}
const notices = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(join(here, folder, "LICENSE"), "utf8").trim()}\n`;
});

// A reader of the folder never sees half a file: write aside, then rename.
function place(name, content) {
  writeFileSync(join(dist, `${name}.part`), content);
  renameSync(join(dist, `${name}.part`), join(dist, name));
}
mkdirSync(dist, { recursive: true });
for (const { path, contents } of result.outputFiles) place(basename(path), contents);
place("vizapp.js.LICENSES.txt", `Third-party code inside vizapp.js\n\n${notices.join("\n\n")}`);
