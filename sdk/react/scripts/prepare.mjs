/**
 * Compiles the package when npm installs or packs its folder.
 *
 * npm links a folder and installs nothing in it, so the compiler may be missing. A linked package
 * looks for React beside itself: it is given the app's own React, because two copies break hooks.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, realpathSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const run = (command, ...args) =>
  execFileSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
const compiler = 'node_modules/typescript/bin/tsc';

if (!existsSync(compiler)) {
  run('npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
}
run('node', compiler);

const app = process.env.INIT_CWD;
if (app && realpathSync(app) !== realpathSync('.')) {
  for (const name of ['react', 'react-dom']) {
    const own = join('node_modules', name);
    const shared = join(app, 'node_modules', name);
    if (lstatSync(own, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(own);
    if (existsSync(shared) && !existsSync(own)) symlinkSync(realpathSync(shared), own, 'junction');
  }
}
