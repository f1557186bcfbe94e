import { createSignal, type JSX } from 'solid-js';
import { text } from '../text/text.js';
import { Copy } from './copy.jsx';

const COVER = '•'.repeat(24);

/** A value that whoever looks over the shoulder must not read: covered until it is asked for, copied unseen. */
export function Secret(props: { value: string; what: string }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <div class="secret">
      <code>{open() ? props.value : COVER}</code>
      <button
        type="button"
        class="button plain small"
        aria-label={`${open() ? text.parts.hide : text.parts.show}: ${props.what}`}
        onClick={() => setOpen(!open())}
      >
        {open() ? text.parts.hide : text.parts.show}
      </button>
      <Copy value={props.value} what={props.what} />
    </div>
  );
}
