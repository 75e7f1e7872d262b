/** Bundles the example into dist/; with --serve, serves it on http://127.0.0.1:5173. */

import { copyFileSync, mkdirSync } from 'node:fs';

import { context } from 'esbuild';

mkdirSync('dist', { recursive: true });
copyFileSync('index.html', 'dist/index.html');
const bundle = await context({
  entryPoints: ['src/main.tsx'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  minify: true,
  // The package is a link to its folder; with its real path it would look for React there.
  preserveSymlinks: true,
  define: { 'process.env.NODE_ENV': '"production"' },
});
if (process.argv.includes('--serve')) {
  const { port } = await bundle.serve({ servedir: 'dist', host: '127.0.0.1', port: 5173 });
  console.log(`http://127.0.0.1:${port}`);
} else {
  await bundle.rebuild();
  await bundle.dispose();
}
