import { test } from 'node:test';
import { randomScalar } from '../field/index.js';
import { assertJudgedAlike } from './mutations.fixture.js';
import { Trapdoor } from './trapdoor.fixture.js';
import { Verifier } from './verifier.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);

test('mutated proofs are judged as the second verifier judges them, alone and in batches (2,000 in full)', async () => {
  const trapdoor = new Trapdoor([21n, 22n, 23n, 24n, 25n, 26n]);
  const proofs = [0, 1, 2, 3].map(() => trapdoor.prove(Array.from({ length: 5 }, randomScalar)));
  const verifier = await Verifier.open(trapdoor.key);
  assertJudgedAlike(verifier, trapdoor.key, proofs, Math.ceil(100 * SCALE));
  verifier.close();
});
