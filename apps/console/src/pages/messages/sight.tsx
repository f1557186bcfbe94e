import { type JSX, Show } from 'solid-js';
import { text } from '../../text/text.js';
import type { Sight, Way } from './model/mailbox.js';
import { exact } from './time.js';

const COUNT = new Intl.NumberFormat('en');

export interface SightProps {
  way: Way;
  /** Sizes are multiples of it, in bytes; null where they are not. */
  frame: number | null;
  sight: Sight | undefined;
  /** It has not been sent. */
  waits: boolean;
}

/** What the server sees of a letter, and in words what it does not. */
export function SightView(props: SightProps): JSX.Element {
  const nothing = () => (props.waits ? text.messages.sight.notYet : text.messages.sight.gone);
  return (
    <div class="sight">
      <Show when={props.sight} fallback={<p>{nothing()}</p>}>
        {(sight) => (
          <dl>
            <dt>{text.messages.sight.to}</dt>
            <dd class="mono">{sight().destination}</dd>
            <dt>{text.messages.sight.at}</dt>
            <dd>{exact(sight().at)}</dd>
            <dt>{text.messages.sight.size}</dt>
            <dd>{sizeOf(sight().size, props.frame)}</dd>
            <dt>{text.messages.sight.head}</dt>
            <dd class="mono">{hexOf(sight().head)} …</dd>
          </dl>
        )}
      </Show>
      <p>{text.messages.sight.hidden[props.way]}</p>
    </div>
  );
}

function sizeOf(size: number, frame: number | null): string {
  if (frame === null) return text.messages.sight.bytes(COUNT.format(size));
  return text.messages.sight.padded(COUNT.format(size), size / frame, COUNT.format(frame));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
