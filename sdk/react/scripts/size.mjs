/** Prints the size of all components, minified and compressed, without React; fails above the limit. */

import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

import { build } from 'esbuild';

const LIMIT = 40 * 1024;
const PEERS = ['react', 'react-dom', 'react/jsx-runtime'];

async function sizeOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: PEERS,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents).length;
}

const everything = await sizeOf("export * from './dist/index.js'");
const widget = await sizeOf("export { TicketProvider, TicketDashboardWidget } from './dist/index.js'");
const styles = gzipSync(readFileSync('styles.css')).length;
console.log(JSON.stringify({ everything, widget, styles }));
if (everything + styles > LIMIT) {
  console.error(`The package has ${everything + styles} bytes; the limit is ${LIMIT}.`);
  process.exit(1);
}
