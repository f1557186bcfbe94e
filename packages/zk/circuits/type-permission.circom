pragma circom 2.1.6;

include "bitify.circom";

/// Proves: the claimed type is one of the 16, and its bit is set in the attester's mask.
/// Stops: an attester, or whoever stole its key, attesting types that the registry does not allow it.
template TypePermission() {
    signal input claimedType;
    signal input typeMask;

    // In the order of their bits in a mask, AI.CA … HY.HS.
    var codes[16] = [
        0x0101, 0x0102, 0x0103, 0x0104, 0x0105, 0x0106, 0x0107, 0x0108, 0x0109, 0x010A,
        0x0201, 0x0202, 0x0203,
        0x0301,
        0x0401, 0x0402
    ];

    // The mask in bits, of which there are 16: far below the modulus, so there is only one way to write it.
    // Stops: other bits than those of the registered mask.
    signal allowed[16] <== Num2Bits(16)(typeMask);

    // At every other code than the claimed one a row is zero.
    // Stops: a number that is no type, and using the bit of another row.
    signal isRow[16];
    for (var row = 0; row < 16; row++) {
        isRow[row] <-- claimedType == codes[row] ? 1 : 0;
        isRow[row] * (claimedType - codes[row]) === 0;
    }

    // So this sum has one term at most, row times bit, and it is 1 only where the bit is set (and the row then is 1).
    // Stops: a type outside the mask.
    signal allowedHere[16];
    var permission = 0;
    for (var row = 0; row < 16; row++) {
        allowedHere[row] <== isRow[row] * allowed[row];
        permission += allowedHere[row];
    }
    permission === 1;
}
