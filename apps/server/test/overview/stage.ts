/** An operator in front of a server. */
import { Overview } from '@blindpost/protocol/overview';
import { type WireAnswer, wireRequest } from '@blindpost/testbed/wire-http';
import { ADMIN } from '../database-stage.js';
import { assertOk } from '../relay/answers.js';
import { eventually } from '../relay/stage.js';

/** Who starts in production must give all secrets; nobody but this machine can dial it, so that it needs no TLS. */
export const PRODUCTION = { NODE_ENV: 'production' };

export type Asking = { key?: string | undefined; from?: string };

export function askOverview(url: string, { key, from }: Asking = {}): Promise<WireAnswer> {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return wireRequest(`${url}/admin/overview`, { headers, from });
}

export async function overview(url: string): Promise<Overview> {
  return assertOk(await askOverview(url, { key: ADMIN }), Overview);
}

/** The first overview of which it is true; what is told may be a second old. */
export async function overviewWhere(
  url: string,
  what: string,
  is: (told: Overview) => boolean,
): Promise<Overview> {
  let told = await overview(url);
  await eventually(what, async () => {
    told = await overview(url);
    return is(told);
  });
  return told;
}
