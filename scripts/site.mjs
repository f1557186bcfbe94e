/** Bundles the web console (vite), when what it is made of has changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { filesUnder } from './workspaces.mjs';

const CONSOLE = join(ROOT, 'apps/console');
const PAGE = join(CONSOLE, 'site/index.html');
/** What the last bundle was made of. */
const STAMP = join(CONSOLE, 'dist/site.sha256');
/** The console's sources, and of the packages what a bundler may take: compiled modules and what they load. */
const FOLDERS = ['apps/console/src', ...['client', 'pow', 'protocol', 'session', 'zk'].flatMap(shippedBy)];
const FILES = ['package-lock.json', ...['index.html', 'package.json', 'vite.config.mjs'].map(ofConsole)];
const BESIDE = /\.(test|fixture)\.|\.(map|d\.ts|tsbuildinfo)$/;

/** Answers whether there is a bundle of the present sources; vite's complaints go to the terminal. */
export function buildSite() {
  const made = digest();
  if (existsSync(PAGE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === made) return true;
  rmSync(STAMP, { force: true });
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build'], { cwd: CONSOLE, stdio: 'inherit' });
  if (status !== 0) return false;
  writeFileSync(STAMP, made);
  return true;
}

function digest() {
  const hash = createHash('sha256');
  const files = FOLDERS.flatMap((folder) => filesUnder(ROOT, folder)).filter((path) => !BESIDE.test(path));
  for (const path of [...files, ...FILES].sort()) {
    const bytes = readFileSync(join(ROOT, path));
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

function shippedBy(name) {
  return [`packages/${name}/dist`, `packages/${name}/kernels`];
}

function ofConsole(name) {
  return `apps/console/${name}`;
}
