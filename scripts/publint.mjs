/** Checks that what would be published can be imported by whoever installs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { workspaces } from './workspaces.mjs';

/** @returns {Promise<string[]>} one line per complaint about a package that is not private. */
export async function checkPackages(root) {
  const complaints = [];
  for (const workspace of workspaces(root)) {
    const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    const { messages } = await publint({ pkgDir: join(root, workspace), strict: true });
    for (const message of messages) {
      // Of a folder that another build than the compiler's fills, and fills later.
      if (message.code === 'EXPORTS_GLOB_NO_MATCHED_FILES') continue;
      complaints.push(`${workspace}: ${formatMessage(message, manifest)}`);
    }
  }
  return complaints;
}
