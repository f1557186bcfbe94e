pragma circom 2.1.6;

include "poseidon.circom";

/// Proves: key and mask are those of one leaf, leaf = P3(Ax, Ay, typeMask).
/// Stops: signing with a foreign key, or under a wider mask, and pointing at somebody else's leaf.
/// A node is P2, a leaf P3: no inner node can be passed off as a leaf.
template AttesterLeaf() {
    signal input publicKeyX;
    signal input publicKeyY;
    signal input typeMask;
    signal output leaf;

    leaf <== Poseidon(3)([publicKeyX, publicKeyY, typeMask]);
}
