/** Builds both pages into `dist/`: each with its own folder, hashed assets, and every text file also gzip'ed and brotli'ed. */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, type InlineConfig } from "vite";

const here = import.meta.dirname;
const served = join(here, "dist");
const dist = join(here, "node_modules", `.pages-${process.pid}`); // what is served stays whole while, and if, this fails
const worth = /\.(html|js|css|svg|webmanifest|json)$/;

function page(name: string): InlineConfig {
  return {
    configFile: false,
    root: join(here, name),
    base: `/${name}/`,
    publicDir: join(here, name, "public"),
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: join(dist, name),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: "es2022",
      reportCompressedSize: false,
    },
  };
}

/** The service worker, with the list of everything that the phone page needs when there is no signal. */
async function serviceWorker(): Promise<void> {
  const folder = join(dist, "phone");
  const manifest = filesIn(folder)
    .filter((path) => !path.endsWith("index.html"))
    .map((path) => ({ url: `/phone/${relative(folder, path)}`, revision: hash(path) }))
    .concat({ url: "/phone", revision: hash(join(folder, "index.html")) });
  await build({
    ...page("phone"),
    publicDir: false,
    define: { __PRECACHED__: JSON.stringify(manifest), "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2022",
      reportCompressedSize: false,
      lib: { entry: join(here, "phone", "sw.ts"), formats: ["iife"], name: "sw", fileName: () => "sw.js" },
    },
  });
}

function compress(path: string): void {
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hash(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
}

await build(page("phone"));
await serviceWorker();
await build(page("console"));
filesIn(dist)
  .filter((path) => worth.test(path))
  .forEach(compress);
const before = `${dist}-before`;
if (existsSync(served)) renameSync(served, before);
renameSync(dist, served);
rmSync(before, { recursive: true, force: true });
