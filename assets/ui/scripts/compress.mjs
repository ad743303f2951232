// Puts NAME.gz and NAME.br in place of every compressible file of the build; who takes neither gets
// the gzip form unpacked by the server. At build time, because brotli at its best level takes
// seconds.
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
  if (raw.length < smallest || entry.name === "manifest.json") continue;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const packed = {
    gz: gzipSync(raw, { level: 9 }),
    br: brotliCompressSync(raw, { params: quality }),
  };
  if (packed.gz.length >= raw.length || packed.br.length >= raw.length) continue;
  for (const [suffix, bytes] of Object.entries(packed)) await writeFile(`${file}.${suffix}`, bytes);
  await rm(file);
}
