import assert from 'node:assert/strict';
import { describe as suite, test } from 'node:test';
import { attestedMessage } from '../attester/index.js';
import { Curve, SUBGROUP_ORDER } from '../babyjub/point.js';
import { commitmentOf, randomSecrets } from '../entity/index.js';
import { ENTITY_TYPES, typeMask } from '../entity-types/index.js';
import { randomScalar, SCALAR_MODULUS } from '../field/index.js';
import { challengeOf } from '../signature/challenge.js';
import { randomKey, sign, signingKey } from '../signature/index.js';
import { CIRCUITS_FOLDER, compile, type Inputs, witnessOf } from './compiled.fixture.js';
import { compileLenient } from './lenient.fixture.js';
import { describe, readNames } from './names.fixture.js';
import { secondSummand, weakKeyOffCurve } from './off-curve.fixture.js';
import { holds, readR1cs } from './r1cs.fixture.js';
import { inputsOf, membership, randomStatement } from './statement.fixture.js';

/*
 * Every test forges a witness and expects that it violates the constraints of one block of the circuit and no other:
 * the circuit refuses the forgery, and without that block it would not. Constraints are told by the names of their wires.
 */

const CIRCUIT = 'entity_type_proof';
const compiled = await compile(`${CIRCUITS_FOLDER}${CIRCUIT}.circom`, 0, 'r1cs', 'sym');
assert.ok(compiled.r1cs !== undefined && compiled.sym !== undefined);
const { constraints } = readR1cs(compiled.r1cs);
const names = readNames(compiled.sym);
const lenient = await compileLenient(CIRCUIT);

const [type, otherType] = ENTITY_TYPES;
assert.ok(type !== undefined && otherType !== undefined);
const EDDSA = 'AttestationSignature.EdDSAPoseidonVerifier';

const violated = (witness: readonly bigint[]) =>
  constraints.filter((constraint) => !holds(constraint, witness)).map((each) => describe(each, names));

/** What the circuit says of inputs whose every wire is computed as the circuit says. */
const refusals = async (inputs: Inputs) => violated(await witnessOf(lenient, inputs));

/** One witness in which the wires of these signals and components come from the other. */
function graft(stock: readonly bigint[], scion: readonly bigint[], ...parts: string[]): bigint[] {
  const grafted = (name: string) =>
    parts.some((part) => name === part || name.startsWith(`${part}.`) || name.startsWith(`${part}[`));
  return stock.map((value, wire) => (grafted(names[wire] ?? '') ? (scion[wire] ?? 0n) : value));
}

/** The value of a wire. */
function at(witness: readonly bigint[], name: string): bigint {
  const value = witness[names.indexOf(name)];
  assert.ok(value !== undefined, name);
  return value;
}

/** A witness with some wires set by hand. */
function set(witness: readonly bigint[], values: Readonly<Record<string, bigint>>): bigint[] {
  const known = new Set(names);
  for (const name of Object.keys(values)) assert.ok(known.has(name), name);
  return witness.map((value, wire) => values[names[wire] ?? ''] ?? value);
}

test('an honest witness violates nothing', async () => {
  for (const each of ENTITY_TYPES)
    assert.deepEqual(await refusals(inputsOf(randomStatement({ type: each }))), []);
});

suite('commitment', () => {
  test("an entity cannot use another's commitment with its attestation", async () => {
    const victim = randomStatement();
    const thief = { ...victim, entity: randomSecrets() };
    const forged = graft(
      await witnessOf(lenient, inputsOf(victim)),
      await witnessOf(lenient, { ...inputsOf(victim), ...thief.entity }),
      ...['secret', 'salt', 'Commitment', 'Nullifier', 'nullifier'],
    );
    assert.deepEqual(violated(forged), ['Commitment.commitment entityCommitment']);
  });
});

suite('attested message', () => {
  const link = ['AttestedMessage.message message'];
  const attested = randomStatement({ type, mask: typeMask(ENTITY_TYPES) });

  test('an attestation of one type proves no other', async () => {
    const honest = await witnessOf(lenient, inputsOf(attested));
    const claim = { ...inputsOf(attested), claimedType: BigInt(otherType.numeric) };
    const forged = graft(await witnessOf(lenient, claim), honest, 'message', 'AttestationSignature');
    assert.deepEqual(violated(forged), link);
  });

  test('an attestation of one entity proves nothing of another', async () => {
    const honest = await witnessOf(lenient, inputsOf(attested));
    const claim = { ...inputsOf(attested), ...randomSecrets() };
    const forged = graft(await witnessOf(lenient, claim), honest, 'message', 'AttestationSignature');
    assert.deepEqual(violated(forged), link);
  });
});

suite('attestation signature', () => {
  const equation = [
    `${EDDSA}.eqCheckX.enabled ${EDDSA}.eqCheckX.isz.out`,
    `${EDDSA}.eqCheckY.enabled ${EDDSA}.eqCheckY.isz.out`,
  ];

  test('what was signed by nobody, by another key or for another message is refused', async () => {
    const statement = randomStatement({ mask: typeMask(ENTITY_TYPES) });
    const honest = inputsOf(statement);
    const message = attestedMessage(commitmentOf(statement.entity), statement.type);
    const foreign = sign(signingKey(randomKey()), message);
    assert.deepEqual(await refusals({ ...honest, signatureS: randomScalar() % SUBGROUP_ORDER }), equation);
    assert.deepEqual(await refusals(inputsOf(statement, foreign)), equation);
    assert.deepEqual(await refusals(inputsOf(statement, sign(statement.key, message - 1n))), equation);
    assert.deepEqual(await refusals({ ...honest, ...randomSecrets() }), equation);
  });

  test('S + order is no second signature', async () => {
    const honest = inputsOf(randomStatement());
    for (const times of [1n, 2n])
      assert.deepEqual(
        await refusals({ ...honest, signatureS: honest.signatureS + times * SUBGROUP_ORDER }),
        [`${EDDSA}.compConstant.out ${EDDSA}.enabled`],
      );
  });

  test('a key of small order is refused, though anybody signs for it', async () => {
    for (const publicKey of [
      { x: 0n, y: 1n },
      { x: 0n, y: SCALAR_MODULUS - 1n },
    ]) {
      const statement = randomStatement();
      const signature = { r8: Curve.BASE.toAffine(), s: 1n };
      const forged = { ...inputsOf(statement, signature), ...membership(publicKey, statement.mask, 0) };
      assert.deepEqual(await refusals(forged), [`${EDDSA}.enabled ${EDDSA}.isZero.out`]);
    }
  });

  test('a key off the curve is refused, though anybody signs for it', async () => {
    const statement = randomStatement();
    const signature = { r8: Curve.BASE.toAffine(), s: 1n };
    const forged = { ...inputsOf(statement, signature), ...membership(weakKeyOffCurve(), statement.mask, 0) };
    assert.deepEqual(await refusals(forged), [
      'AttestationSignature.BabyCheck.x2 AttestationSignature.BabyCheck.y2',
    ]);
  });

  test('an R8 off the curve is refused, though it solves the equation of a given challenge', async () => {
    // Only a fixed point of the hash would be a forgery, so the challenge is that of the honest signature here.
    for (;;) {
      const statement = randomStatement();
      const honest = inputsOf(statement);
      const r8 = { x: honest.signatureR8X, y: honest.signatureR8Y };
      const message = attestedMessage(commitmentOf(statement.entity), statement.type);
      const h = challengeOf(r8, statement.key.publicKey, message) % SUBGROUP_ORDER;
      const left = Curve.BASE.multiply(honest.signatureS).toAffine();
      const right = Curve.fromAffine(statement.key.publicKey).clearCofactor().multiply(h).toAffine();
      const other = secondSummand(right, left);
      if (other === undefined) continue;
      const forged = graft(
        await witnessOf(lenient, { ...honest, signatureR8X: other.x, signatureR8Y: other.y }),
        await witnessOf(lenient, honest),
        ...['h2bits', 'mulAny', 'addRight.x2', 'addRight.y2'].map((part) => `${EDDSA}.${part}`),
      );
      const sum = set(forged, {
        ...Object.fromEntries(additionWires(`${EDDSA}.addRight`, other, right, left)),
        ...equal(`${EDDSA}.eqCheckX`, left.x),
        ...equal(`${EDDSA}.eqCheckY`, left.y),
      });
      assert.deepEqual(violated(sum), [
        'AttestationSignature.BabyCheck2.x2 AttestationSignature.BabyCheck2.y2',
        `${EDDSA}.h2bits.in ${EDDSA}.hash.out`,
      ]);
      break;
    }
  });

  test('the challenge has one way to be written in bits', async () => {
    // h + r has 254 bits too where h is small enough. It stands for another multiple of the key, and so for a second S.
    let honest: bigint[];
    let h: bigint;
    do {
      honest = await witnessOf(lenient, inputsOf(randomStatement()));
      h = at(honest, `${EDDSA}.h2bits.in`);
    } while (h >= 2n ** 254n - SCALAR_MODULUS);
    const bits = Array.from({ length: 254 }, (_, bit) => ((h + SCALAR_MODULUS) >> BigInt(bit)) & 1n);
    const check = `${EDDSA}.h2bits.aliasCheck`;
    const copies = [
      `${EDDSA}.h2bits.n2b.out`,
      `${EDDSA}.h2bits.out`,
      `${check}.in`,
      `${check}.compConstant.in`,
    ];
    const forged = set(honest, {
      ...Object.fromEntries(bits.flatMap((bit, place) => copies.map((path) => [`${path}[${place}]`, bit]))),
      ...comparison(`${check}.compConstant`, bits, SCALAR_MODULUS - 1n),
    });
    const within = violated(forged).filter((constraint) => constraint.includes('h2bits.'));
    assert.deepEqual(
      within.filter((constraint) => !constraint.includes('mulAny')),
      [`${check}.compConstant.out`],
    );
  });
});

suite('type permission', () => {
  test('a type outside the mask is refused, whatever the attester signed', async () => {
    const statement = randomStatement({ type, mask: typeMask(ENTITY_TYPES) });
    const permission = ['TypePermission.allowedHere …'];
    for (const mask of [0, typeMask(ENTITY_TYPES.filter((each) => each !== type))])
      assert.deepEqual(await refusals(inputsOf({ ...statement, mask })), permission);
  });

  test('the bits are those of the mask, each 0 or 1', async () => {
    const forbidden = await witnessOf(
      lenient,
      inputsOf(randomStatement({ type, mask: typeMask([otherType]) })),
    );
    const allow = (bit: number, value: bigint) => ({
      [`TypePermission.allowed[${bit}]`]: value,
      [`TypePermission.Num2Bits.out[${bit}]`]: value,
      [`TypePermission.allowedHere[${bit}]`]: bit === type.bit ? value : 0n,
    });
    const another = set(forbidden, allow(type.bit, 1n));
    assert.deepEqual(violated(another), ['TypePermission.Num2Bits …']);
    // 2 = 1 + 2·½
    const half = set(another, allow(otherType.bit, (SCALAR_MODULUS + 1n) / 2n));
    assert.deepEqual(violated(half), [`TypePermission.Num2Bits.out[${otherType.bit}]`]);
  });

  test('a number that is no type cannot use the bit of one', async () => {
    const honest = randomStatement({ type, mask: typeMask(ENTITY_TYPES) });
    for (const numeric of [0x0000, 0x010b, 0x0501]) {
      const unknown = inputsOf({ ...honest, type: { ...type, numeric } });
      assert.deepEqual(await refusals(unknown), ['TypePermission.allowedHere …']);
      const forged = set(await witnessOf(lenient, unknown), {
        'TypePermission.isRow[3]': 1n,
        'TypePermission.allowedHere[3]': 1n,
      });
      assert.deepEqual(violated(forged), ['TypePermission.claimedType TypePermission.isRow[3]']);
    }
  });

  test('the bit of another row is not that of the type', async () => {
    const honest = randomStatement({ type, mask: typeMask([otherType]) });
    const row = (bit: number, on: bigint) => ({
      [`TypePermission.isRow[${bit}]`]: on,
      [`TypePermission.allowedHere[${bit}]`]: on,
    });
    const forged = set(await witnessOf(lenient, inputsOf(honest)), row(otherType.bit, 1n));
    assert.deepEqual(violated(forged), [`TypePermission.claimedType TypePermission.isRow[${otherType.bit}]`]);
    const product = set(await witnessOf(lenient, inputsOf(honest)), {
      [`TypePermission.allowedHere[${type.bit}]`]: 1n,
    });
    assert.equal(violated(product).length, 1, 'row times bit is what it is');
  });
});

suite('attester leaf', () => {
  const link = ['AttesterLeaf.leaf leaf'];

  test("a foreign attester cannot point at another's leaf", async () => {
    const registered = randomStatement();
    const foreign = inputsOf({ ...registered, key: signingKey(randomKey()) });
    const { attestersRoot, pathElements, pathIndices } = inputsOf(registered);
    const honest = await witnessOf(lenient, {
      ...inputsOf(registered),
      attestersRoot,
      pathElements,
      pathIndices,
    });
    const claim = await witnessOf(lenient, { ...foreign, attestersRoot, pathElements, pathIndices });
    assert.deepEqual(violated(graft(claim, honest, 'leaf', 'RegistryPath', 'root')), link);
  });

  test('an attester cannot widen the mask of its leaf', async () => {
    const registered = randomStatement({ type, mask: typeMask([otherType]) });
    const { attestersRoot, pathElements, pathIndices } = inputsOf(registered);
    const honest = await witnessOf(lenient, {
      ...inputsOf(registered),
      attestersRoot,
      pathElements,
      pathIndices,
    });
    const wide = inputsOf({ ...registered, mask: typeMask(ENTITY_TYPES) });
    const claim = await witnessOf(lenient, { ...wide, attestersRoot, pathElements, pathIndices });
    assert.deepEqual(violated(graft(claim, honest, 'leaf', 'RegistryPath', 'root')), link);
  });
});

suite('registry path', () => {
  const root = ['attestersRoot root'];
  const statement = randomStatement({ index: 0b0110 });
  const honest = inputsOf(statement);

  test('an attester that is not in the registry is refused, and any change of the path', async () => {
    const foreign = inputsOf({ ...statement, key: signingKey(randomKey()) });
    assert.deepEqual(await refusals({ ...foreign, attestersRoot: honest.attestersRoot }), root);
    assert.deepEqual(await refusals({ ...honest, attestersRoot: randomScalar() }), root);
    for (let level = 0; level < honest.pathIndices.length; level++) {
      const swapped = honest.pathIndices.with(level, 1n - (honest.pathIndices[level] ?? 0n));
      assert.deepEqual(await refusals({ ...honest, pathIndices: swapped }), root);
    }
    const elements = honest.pathElements.with(7, randomScalar());
    assert.deepEqual(await refusals({ ...honest, pathElements: elements }), root);
  });

  test('an index that is neither 0 nor 1 leads no foreign leaf to the root', async () => {
    // With our node n and the given e, the children are n + i(e - n) and e - i(e - n): choose e and i to make them
    // those of the real tree, L and R.
    const foreign = inputsOf({ ...statement, key: signingKey(randomKey()) });
    const real = await witnessOf(lenient, honest);
    const claim = await witnessOf(lenient, { ...foreign, attestersRoot: honest.attestersRoot });
    const [left, right] = [
      at(real, 'RegistryPath.Switcher[0].outL'),
      at(real, 'RegistryPath.Switcher[0].outR'),
    ];
    const leaf = at(claim, 'leaf');
    const element = modulo(left + right - leaf);
    const index = modulo((left - leaf) * inverse(element - leaf));
    const forged = {
      ...foreign,
      attestersRoot: honest.attestersRoot,
      pathElements: honest.pathElements.with(0, element),
      pathIndices: honest.pathIndices.with(0, index),
    };
    assert.deepEqual(await refusals(forged), ['RegistryPath.pathIndices[0]']);
    const two = await refusals({ ...honest, pathIndices: honest.pathIndices.with(0, 2n) });
    assert.deepEqual(two.sort(), ['RegistryPath.pathIndices[0]', ...root]);
  });
});

suite('nullifier', () => {
  test('the nullifier is that of the secret and the context', async () => {
    const statement = randomStatement();
    const honest = await witnessOf(lenient, inputsOf(statement));
    const link = ['Nullifier.nullifier nullifier'];
    assert.deepEqual(violated(set(honest, { nullifier: randomScalar() })), link);

    const elsewhere = await witnessOf(lenient, inputsOf({ ...statement, contextId: randomScalar() }));
    assert.deepEqual(violated(graft(honest, elsewhere, 'nullifier')), link);
    const moved = graft(honest, elsewhere, 'Nullifier', 'nullifier');
    assert.deepEqual(violated(moved), ['Nullifier.contextId contextId']);

    const somebody = await witnessOf(lenient, inputsOf({ ...statement, entity: randomSecrets() }));
    const burnt = graft(honest, somebody, 'Nullifier', 'nullifier');
    assert.deepEqual(violated(burnt), ['Nullifier.secret secret']);
  });
});

/** The wires of a BabyAdd that adds these points. */
function additionWires(
  path: string,
  p: { x: bigint; y: bigint },
  q: { x: bigint; y: bigint },
  sum: { x: bigint; y: bigint },
): [string, bigint][] {
  const beta = modulo(p.x * q.y);
  const gamma = modulo(p.y * q.x);
  return [
    [`${path}.beta`, beta],
    [`${path}.gamma`, gamma],
    [`${path}.delta`, modulo((p.y - 168700n * p.x) * (q.x + q.y))],
    [`${path}.tau`, modulo(beta * gamma)],
    [`${path}.xout`, sum.x],
    [`${path}.yout`, sum.y],
  ];
}

/** The wires of a CompConstant that compares a number in bits with a constant, as circomlib computes them. */
function comparison(path: string, bits: readonly bigint[], constant: bigint): Record<string, bigint> {
  const wires: Record<string, bigint> = {};
  let sum = 0n;
  for (let pair = 0; pair < bits.length / 2; pair++) {
    const two = (constant >> BigInt(2 * pair)) & 3n;
    const ours = (bits[2 * pair] ?? 0n) + 2n * (bits[2 * pair + 1] ?? 0n);
    const [a, b] = [2n ** BigInt(pair), 2n ** 128n - 2n ** BigInt(pair)];
    const part = ours > two ? b : ours < two ? a : 0n;
    wires[`${path}.parts[${pair}]`] = part;
    sum += part;
  }
  wires[`${path}.sout`] = sum;
  wires[`${path}.num2bits.in`] = sum;
  for (let bit = 0; bit < 135; bit++) wires[`${path}.num2bits.out[${bit}]`] = (sum >> BigInt(bit)) & 1n;
  wires[`${path}.out`] = (sum >> 127n) & 1n;
  return wires;
}

/** The wires of a ForceEqualIfEnabled that finds two values equal. */
function equal(path: string, value: bigint): Record<string, bigint> {
  return {
    [`${path}.in[0]`]: value,
    [`${path}.in[1]`]: value,
    [`${path}.isz.in`]: 0n,
    [`${path}.isz.inv`]: 0n,
    [`${path}.isz.out`]: 1n,
  };
}

function modulo(value: bigint): bigint {
  return ((value % SCALAR_MODULUS) + SCALAR_MODULUS) % SCALAR_MODULUS;
}

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let [base, exponent] = [modulo(value), SCALAR_MODULUS - 2n]; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % SCALAR_MODULUS;
    base = (base * base) % SCALAR_MODULUS;
  }
  return result;
}
