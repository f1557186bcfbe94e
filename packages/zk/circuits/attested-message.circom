pragma circom 2.1.6;

include "poseidon.circom";

/// Proves: what the attester signed speaks of this commitment and of this type, message = P2(commitment, claimedType).
/// Stops: using an attestation of another type, or of another entity.
template AttestedMessage() {
    signal input commitment;
    signal input claimedType;
    signal output message;

    message <== Poseidon(2)([commitment, claimedType]);
}
