import { TRACK_TABLE } from './table.js';
import type { Build, TrackName, Verdict } from './track.js';
import { digestBy, judge, outOfMemory, refused } from './verdict.js';

export interface VerifyOptions {
  /** By default the kernel that is fastest for one nonce. */
  build?: Build | 'reference';
}

/**
 * Whether `nonce` wins under `params`, which may be anything: every member is read before it is used, and what is
 * no parameter is refused. For one nonce now and then; see `Verifier` for many. Rejects when the kernel cannot be
 * read.
 */
export async function verify(
  track: TrackName,
  params: unknown,
  nonce: string,
  { build = 'scalar' }: VerifyOptions = {},
): Promise<Verdict> {
  const definition = TRACK_TABLE[track];
  const read = definition.read(params);
  if (!read.ok) return refused(read.code, read.field);
  try {
    const digest =
      build === 'reference'
        ? definition.reference(read.params, nonce)
        : digestBy(await definition.open(read.params, build), nonce);
    return judge(digest, read.params.bits);
  } catch (error) {
    return outOfMemory(definition, error);
  }
}
