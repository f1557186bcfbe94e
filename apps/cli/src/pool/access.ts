import { PoolHttp } from '@blindpost/client/pool';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { defaultTokenFile, readToken } from './token-file.js';

export interface AccessOptions {
  url: string;
  tokenFile: string;
}

/** Adds the options that say which pool, and who is asking. */
export function withAccess(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server', 'http://127.0.0.1:8080')
    .option('--token-file <path>', "file of the miner's token", defaultTokenFile(process.env));
}

/** The pool as the miner of the token file sees it. A mistyped path must not become a new miner without money. */
export async function openPool({ url, tokenFile }: AccessOptions): Promise<PoolHttp> {
  const token = await readToken(tokenFile);
  if (token === undefined) throw new Failure(`no token in ${tokenFile}; "blindpost mine" makes one`);
  return new PoolHttp({ url, token });
}
