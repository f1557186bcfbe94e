import type { JSX } from 'solid-js';

const SIDE = 5;
const HALF = 3;
const INKS = ['first', 'second', 'third'] as const;

/** A figure made of an address, the same wherever it is shown: for the eye to find, not to trust. */
export function Mark(props: { of: string }): JSX.Element {
  const digits = () => [...props.of.replaceAll('-', '')].map((digit) => Number.parseInt(digit, 16));
  const path = () =>
    digits()
      .slice(1, 1 + SIDE * HALF)
      .flatMap((digit, n) => (digit < 8 ? [] : cells(n % HALF, Math.floor(n / HALF))))
      .join('');
  const ink = () => INKS[(digits()[0] ?? 0) % INKS.length] ?? 'first';
  return (
    <svg class={`peer-mark ${ink()}`} viewBox="-1 -1 7 7" width="36" height="36" aria-hidden="true">
      <path d={path()} />
    </svg>
  );
}

/** A cell and the one that faces it. */
function cells(x: number, y: number): string[] {
  const opposite = SIDE - 1 - x;
  return (x === opposite ? [x] : [x, opposite]).map((at) => `M${at} ${y}h1v1h-1z`);
}
