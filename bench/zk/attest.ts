import { attestedMessage } from '@blindpost/zk/attester';
import { ENTITY_TYPES } from '@blindpost/zk/entity-types';
import { randomScalar } from '@blindpost/zk/field';
import { randomKey, sign, signingKey, verifySignature } from '@blindpost/zk/signature';
import { buildEddsa } from 'circomlibjs';
import { rateOf } from '../pow/rate.js';
import { rounded } from './clock.js';

/** Attestations signed and checked per second of CPU time, and the control's. */
export async function attesting(seconds: number) {
  const eddsa = await buildEddsa();
  const bytes = randomKey();
  const key = signingKey(bytes);
  const [type] = ENTITY_TYPES;
  if (type === undefined) throw new Error('no types');
  const message = attestedMessage(randomScalar(), type);
  const signature = sign(key, message);
  const element = eddsa.F.e(message);

  const works = {
    sign: () => sign(key, attestedMessage(randomScalar(), type)),
    verify: () => verifySignature(key.publicKey, message, signature),
    'control: circomlibjs sign': () => eddsa.signPoseidon(bytes, element),
  };
  const rates: Record<string, number> = {};
  for (const [name, work] of Object.entries(works)) {
    const once = () => {
      work();
      return 1;
    };
    rates[name] = rounded(await rateOf(once, seconds));
  }
  return rates;
}
