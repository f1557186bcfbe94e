import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CIRCUITS_FOLDER, compile } from './compiled.fixture.js';
import { determine } from './determinism.fixture.js';
import { describe, readNames } from './names.fixture.js';
import { readR1cs } from './r1cs.fixture.js';

const { r1cs: bytes, sym } = await compile(`${CIRCUITS_FOLDER}entity_type_proof.circom`, 0, 'r1cs', 'sym');
assert.ok(bytes !== undefined && sym !== undefined);
const r1cs = readR1cs(bytes);
const names = readNames(sym);

const EDDSA = 'AttestationSignature.EdDSAPoseidonVerifier';

/** The divisions of the circuit by what is divided, and why the divisor cannot be zero. */
const DIVISORS: [quotient: RegExp, reason: string][] = [
  [
    /\b(addRight|dbl[123]\.adder|eadder|adders\[\d+\]|cAdd)\.[xy]out$/,
    'the addition law of the curve is complete, and both points are on it',
  ],
  [
    /\.mulAny\.segments\[\d\]\.bits\[\d+\]\.(adder|doubler)\.lamda$/,
    '2^i·P meets an odd multiple of P below it, and P has prime order above 2^148: never the same nor the opposite point, never a point with y = 0',
  ],
  [/\.mulAny\.doublers\[0\]\.lamda$/, 'as the last doubling of a segment'],
  [
    /\.mulFix\.segments\[\d\]\.c?adders\[\d+\]\.lamda$/,
    'the accumulator begins above the windows; the one S at which they are opposite has no witness at all',
  ],
  [
    /\.(mulAny|mulFix)\b.*\b(m2e|cm2e|e2m)(\[\d\])?\.out\[[01]\]$/,
    'points of prime order have x ≠ 0, y ≠ ±1',
  ],
  [/\.isZero\.inv$/, 'isZero.out must be 0, so 4·A has x ≠ 0'],
  [/\.mulAny\.zeropoint\.(out|inv)$/, '8·A has x ≠ 0, since 4·A has, and A is on the curve'],
  [
    /^TypePermission\.isRow\[\d+\]$/,
    'the codes differ, so that at most one divisor is zero; the row of that one is fixed by the sum',
  ],
];

test('every wire follows from the inputs, given that no divisor is zero, and every divisor has its reason', () => {
  const { unlessZero, unlessAliased, free } = determine(r1cs);
  const unexplained = unlessZero
    .map((wire) => names[wire] ?? '')
    .filter((name) => !DIVISORS.some(([quotient]) => quotient.test(name)));
  assert.deepEqual(unexplained, []);
  for (const [quotient] of DIVISORS)
    assert.ok(
      unlessZero.some((wire) => quotient.test(names[wire] ?? '')),
      `${quotient} matches nothing any more`,
    );

  // 254 bits are enough for h + r as well; Num2Bits_strict compares them with the modulus.
  const aliased = new Set(unlessAliased.map((wire) => (names[wire] ?? '').replace(/\[\d+\]$/, '')));
  assert.deepEqual([...aliased], [`${EDDSA}.h2bits.n2b.out`]);

  // The inverse of a difference that must be zero. No other constraint mentions it, and simplified it is gone.
  assert.deepEqual(
    free.map((wire) => names[wire]),
    [`${EDDSA}.eqCheckX.isz.inv`, `${EDDSA}.eqCheckY.isz.inv`],
  );
});

test('a constraint less, and the wires it determined are reported', () => {
  const without = (description: string) => {
    const constraints = r1cs.constraints.filter((each) => describe(each, names) !== description);
    assert.ok(constraints.length < r1cs.constraints.length, description);
    return determine({ ...r1cs, constraints }).free.map((wire) => names[wire] ?? '');
  };
  assert.ok(without('TypePermission.Num2Bits …').includes('TypePermission.allowed[0]'));
  assert.ok(without('AttesterLeaf.leaf leaf').includes('leaf'));
  assert.ok(without('Nullifier.nullifier nullifier').includes('nullifier'));
});
