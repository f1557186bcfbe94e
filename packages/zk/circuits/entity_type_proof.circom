pragma circom 2.1.6;

include "attestation-signature.circom";
include "attested-message.circom";
include "attester-leaf.circom";
include "commitment.circom";
include "nullifier.circom";
include "registry-path.circom";
include "type-permission.circom";

/// "A registered attester, allowed to do so, attested that the holder of this pseudonym is of this type", without
/// saying which attester. Public signals, in this order: nullifier, entityCommitment, claimedType, attestersRoot,
/// contextId. Poseidon is circomlib's over the scalar field of BN254. SIGNALS.md says what pins every signal.
template EntityTypeProof(depth) {
    signal output nullifier;
    signal output entityCommitment;

    signal input claimedType;
    signal input attestersRoot;
    signal input contextId;

    signal input secret;
    signal input salt;
    signal input attesterPubKeyX;
    signal input attesterPubKeyY;
    signal input typeMask;
    signal input signatureR8X;
    signal input signatureR8Y;
    signal input signatureS;
    signal input pathElements[depth];
    signal input pathIndices[depth];

    // Who: the prover knows the secret of this pseudonym.
    entityCommitment <== Commitment()(secret, salt);

    // What: an attester signed that this pseudonym is of this type.
    signal message <== AttestedMessage()(entityCommitment, claimedType);
    AttestationSignature()(attesterPubKeyX, attesterPubKeyY, signatureR8X, signatureR8Y, signatureS, message);

    // By what right: the mask of that attester allows the type …
    TypePermission()(claimedType, typeMask);

    // … and the registry holds that attester with that mask.
    signal leaf <== AttesterLeaf()(attesterPubKeyX, attesterPubKeyY, typeMask);
    signal root <== RegistryPath(depth)(leaf, pathElements, pathIndices);
    root === attestersRoot;

    // Where: once in this context. The same secret as above, so that one entity has one nullifier.
    nullifier <== Nullifier()(secret, contextId);
}

component main {public [claimedType, attestersRoot, contextId]} = EntityTypeProof(20);
