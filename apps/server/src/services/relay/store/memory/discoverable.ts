import type { Random } from '../../../../platform/random.js';
import type { Name } from '../store.js';

type Shown = { owner: Name; sealed: string };

/** Identities that may be drawn as decoys, kept dense so that a draw costs what it answers. */
export class Discoverable {
  readonly shown: Shown[] = [];
  readonly places = new Map<Name, number>();

  put(owner: Name, sealed: string): void {
    const place = this.places.get(owner) ?? this.shown.length;
    this.shown[place] = { owner, sealed };
    this.places.set(owner, place);
  }

  remove(owner: Name): void {
    const place = this.places.get(owner);
    if (place === undefined) return;
    this.swap(place, this.shown.length - 1);
    this.shown.pop();
    this.places.delete(owner);
  }

  /** Up to `count` distinct sealed hashes, uniformly; `isAlive` drops the owner it finds dead. */
  draw(count: number, random: Random, isAlive: (owner: Name) => boolean): string[] {
    const drawn: string[] = [];
    // The front of a Fisher–Yates shuffle, continued until enough of the living have come up.
    while (drawn.length < count && drawn.length < this.shown.length) {
      this.swap(drawn.length, Math.floor(random.uniform(drawn.length, this.shown.length)));
      const shown = this.shown[drawn.length];
      if (shown === undefined) break;
      if (isAlive(shown.owner)) drawn.push(shown.sealed);
      else this.remove(shown.owner);
    }
    return drawn;
  }

  private swap(left: number, right: number): void {
    const [first, second] = [this.shown[left], this.shown[right]];
    if (first === undefined || second === undefined) return;
    this.shown[left] = second;
    this.shown[right] = first;
    this.places.set(second.owner, left);
    this.places.set(first.owner, right);
  }
}
