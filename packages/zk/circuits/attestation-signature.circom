pragma circom 2.1.6;

include "babyjub.circom";
include "eddsaposeidon.circom";

/// Proves: the holder of the attester's private key signed `message` (EdDSA-Poseidon on Baby Jubjub),
/// 8·S·B = 8·R + 8·h·A written for B8 = 8·B: S·B8 = R8 + h·(8·A), h = P5(R8x, R8y, Ax, Ay, message).
/// Stops: claiming a type that nobody attested.
template AttestationSignature() {
    signal input publicKeyX;
    signal input publicKeyY;
    signal input signatureR8X;
    signal input signatureR8Y;
    signal input signatureS;
    signal input message;

    // Both points are on the curve. The addition law is complete there, so no denominator below is ever zero and
    // every result is determined; with a point off the curve 8·A can be made the neutral element (anybody then
    // signs for A), and one S fits a second R8.
    BabyCheck()(publicKeyX, publicKeyY);
    BabyCheck()(signatureR8X, signatureR8Y);

    // circomlib's verifier also refuses S at or above the order of the subgroup (S + order would be a second
    // signature), an h that is not below the field's modulus, and an A of small order (anybody signs for it).
    // It is enabled by a constant: nothing the prover gives can switch it off. R8 needs no check of its order:
    // S·B8 and 8·A lie in the subgroup, so R8 = S·B8 - h·(8·A) does.
    EdDSAPoseidonVerifier()(
        enabled <== 1,
        Ax <== publicKeyX,
        Ay <== publicKeyY,
        S <== signatureS,
        R8x <== signatureR8X,
        R8y <== signatureR8Y,
        M <== message
    );
}
