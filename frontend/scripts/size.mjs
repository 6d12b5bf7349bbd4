// Prints what a first visit downloads, and fails above the budget: `npm run build && npm run size`.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const OUT = new URL('../../src/runbell/static/runbell/', import.meta.url);
const BUDGET_KB = 220;
const manifest = JSON.parse(await readFile(new URL('manifest.json', OUT), 'utf8'));

function staticImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) staticImports(next, seen);
  return seen;
}

const gzipped = async (file) => gzipSync(await readFile(new URL(file, OUT))).length;
const total = async (files) => (await Promise.all(files.map(gzipped))).reduce((sum, size) => sum + size, 0);
const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(7) + ' kB';

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = [...staticImports(entry)].map((key) => manifest[key]);
const js = await total(first.map((chunk) => chunk.file));
const css = await total([...new Set(first.flatMap((chunk) => chunk.css ?? []))]);
console.log(`first load, JavaScript, gzip ${kB(js)}  (budget ${BUDGET_KB} kB)`);
console.log(`first load, CSS, gzip        ${kB(css)}`);
for (const [key, chunk] of Object.entries(manifest))
  if (chunk.isDynamicEntry) console.log(`later: ${key.padEnd(42)} ${kB(await gzipped(chunk.file))}`);
if (js > BUDGET_KB * 1000) {
  console.error('over budget');
  process.exit(1);
}
