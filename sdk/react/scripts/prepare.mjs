/**
 * Compiles the package when npm installs it from a checkout.
 *
 * npm links a folder and installs nothing in it, so the compiler is installed here first. A linked
 * package looks for React beside itself: it is given the app's own React, because two copies break
 * hooks.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, realpathSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
const npm = process.env.npm_execpath;

if (!existsSync(compiler)) {
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  execFileSync(command, [...first, ...install], { cwd: folder, stdio: 'inherit' });
}
execFileSync(process.execPath, [compiler], { cwd: folder, stdio: 'inherit' });

const app = process.env.INIT_CWD;
if (app && realpathSync(app) !== realpathSync(folder)) {
  for (const name of ['react', 'react-dom']) {
    const own = join(folder, 'node_modules', name);
    const shared = join(app, 'node_modules', name);
    if (lstatSync(own, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(own);
    if (existsSync(shared) && !existsSync(own)) symlinkSync(shared, own, 'junction');
  }
}
