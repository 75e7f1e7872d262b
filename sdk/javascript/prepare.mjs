// Compiles the package when npm installs or packs its folder. npm does not install the development
// dependencies of a folder that it links into another project, so the compiler may be missing.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const run = (command, ...args) =>
  execFileSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
const compiler = 'node_modules/typescript/bin/tsc';

if (!existsSync(compiler)) {
  run('npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
}
run('node', compiler);
