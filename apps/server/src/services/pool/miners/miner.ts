/** Who mines: a token's holder, or whoever stands behind an address. */
export type Miner = {
  /** 32 bytes; what the store knows. */
  id: Buffer;
  /** The same in hex, for maps and limits. */
  name: string;
  /** As limits count it, never stored in clear. */
  address: string;
};

/** Both are told apart in limits, slots and strikes: tokens are free, addresses are not. */
export function keysOf(miner: Miner): readonly [string, string] {
  return [`miner:${miner.name}`, `address:${miner.address}`];
}
