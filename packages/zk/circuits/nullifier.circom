pragma circom 2.1.6;

include "poseidon.circom";

/// Proves: nullifier = P3(secret, contextId, 1), one for each entity and context.
/// Stops: a second use in one context, and moving a proof into another. Since it hashes the secret, nobody else can
/// burn it or link it to those of other contexts; the 1 keeps it apart from other hashes of the secret.
template Nullifier() {
    signal input secret;
    signal input contextId;
    signal output nullifier;

    nullifier <== Poseidon(3)([secret, contextId, 1]);
}
