/** The order r of BN254's groups: what circuits, Poseidon and public signals compute with. */
export const SCALAR_MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** The prime q of BN254's base field: coordinates of a proof's points. */
export const BASE_MODULUS = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
