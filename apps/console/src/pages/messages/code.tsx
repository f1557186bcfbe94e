import type { JSX } from 'solid-js';
import { encode } from 'uqr';

/** White around it, in modules: what scanners ask for. */
const QUIET_ZONE = 4;

/** A QR code, black on white whatever the colours of the page: many scanners read no other. */
export function Code(props: { of: string; label: string }): JSX.Element {
  const code = () => encode(props.of, { ecc: 'M', border: QUIET_ZONE });
  const path = () =>
    code()
      .data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
      .join('');
  return (
    <svg class="code" role="img" aria-label={props.label} viewBox={`0 0 ${code().size} ${code().size}`}>
      <path d={path()} />
    </svg>
  );
}
