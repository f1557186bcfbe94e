pragma circom 2.1.6;

include "poseidon.circom";
include "switcher.circom";

/// Computes the root over `leaf`; pathIndices[j] = 1 says that our node of level j is the right child.
/// Whoever uses it compares the root: that the two are equal proves that the leaf is in the tree.
/// Stops: attesters that are not registered, or not any more.
template RegistryPath(depth) {
    signal input leaf;
    signal input pathElements[depth];
    signal input pathIndices[depth];
    signal output root;

    signal nodes[depth + 1];
    nodes[0] <== leaf;
    for (var level = 0; level < depth; level++) {
        // An index is 0 or 1. Stops: any other number makes the children a free mixture of our node and the given
        // one, with which any leaf can be led to any root.
        pathIndices[level] * (pathIndices[level] - 1) === 0;
        var (left, right) = Switcher()(pathIndices[level], nodes[level], pathElements[level]);
        nodes[level + 1] <== Poseidon(2)([left, right]);
    }
    root <== nodes[depth];
}
