/** Finds the server programs that tests need, and installs them where that is our place to do. */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A server program by its command and the Debian package that brings it. */
export type Program = { command: string; debianPackage: string };

/** Why a program cannot be had here, and the command that would change it. */
export type MissingProgram = { status: 'missing'; reason: string; command: string };
export type LocatedProgram = { status: 'found'; path: string } | MissingProgram;

/** Thrown where a server was asked for whose program is not to be had. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';
  constructor(readonly missing: MissingProgram) {
    super(`${missing.reason}; to install it: ${missing.command}`);
  }
}

/**
 * Looks for the program on the PATH; as root on Debian it is installed when missing, saying so on stderr.
 * Anywhere else the answer is the reason and the command: installing software is the owner's decision.
 */
export async function locateProgram(program: Program): Promise<LocatedProgram> {
  const { command, debianPackage } = program;
  const install = `apt-get update && apt-get install -y --no-install-recommends ${debianPackage}`;
  const found = findOnPath(command);
  if (found !== null) return { status: 'found', path: found };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { status: 'missing', reason: `${command} is not installed`, command: `sudo sh -c '${install}'` };
  }
  process.stderr.write(`testbed: ${command} is missing, installing it: ${install}\n`);
  const failure = await installPackage(program, install);
  const installed = findOnPath(command);
  if (installed !== null) return { status: 'found', path: installed };
  return { status: 'missing', reason: `${command} could not be installed: ${failure}`, command: install };
}

/**
 * The value for `node:test`'s `skip` of a suite that needs the program: false when it is there,
 * else the reason with the command.
 * @throws ProgramMissing with REQUIRE_SERVICES=1, where a skipped suite counts as a failure.
 */
export async function skipWithout(program: Program): Promise<string | false> {
  const located = await locateProgram(program);
  if (located.status === 'found') return false;
  const missing = new ProgramMissing(located);
  if (process.env.REQUIRE_SERVICES === '1') throw missing;
  return missing.message;
}

/** The full path of an executable on the PATH, or null. */
export function findOnPath(command: string): string | null {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * Installs under a lock that all test processes share, because apt's own locks fail instead of waiting.
 * While it runs, policy-rc.d keeps Debian from starting the package's own service on the default port.
 * Answers the end of what apt said.
 */
async function installPackage(program: Program, install: string): Promise<string> {
  const script = `
    command -v ${program.command} >/dev/null && exit 0
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
    fi
    ${install}`;
  const lock = join(tmpdir(), 'blindpost-testbed-apt.lock');
  const apt = spawn('flock', [lock, 'sh', '-c', script], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [apt.stdout, apt.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
  }
  return new Promise((resolve) => {
    apt.once('error', (error) => resolve(error.message));
    apt.once('close', () => resolve(said.trim()));
  });
}
