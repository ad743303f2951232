// Writes NAME.gz and NAME.br beside every compressible file of the build. At build time, because
// brotli at its best level takes seconds.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../../dist/", import.meta.url).pathname;
const compressible = /\.(js|css|svg|json|txt)$/;
const smallest = 1024;

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const raw = await readFile(file);
  if (raw.length < smallest) continue;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  for (const [suffix, packed] of [
    ["gz", gzipSync(raw, { level: 9 })],
    ["br", brotliCompressSync(raw, { params: quality })],
  ]) {
    if (packed.length < raw.length) await writeFile(`${file}.${suffix}`, packed);
    else await rm(`${file}.${suffix}`, { force: true });
  }
}
