pragma circom 2.1.6;

include "poseidon.circom";

/// Proves: the prover knows `secret` and `salt` behind the pseudonym, commitment = P2(secret, salt).
/// Stops: proving with a commitment seen elsewhere, together with the attestation that belongs to it.
template Commitment() {
    signal input secret;
    signal input salt;
    signal output commitment;

    commitment <== Poseidon(2)([secret, salt]);
}
