import { createSignal, type JSX, onCleanup } from 'solid-js';
import { text } from '../text/text.js';

const SHOWN_MS = 2_000;

/** Puts a value into the clipboard and says so for a moment. `what` names it to who does not see the place. */
export function Copy(props: { value: string; what: string }): JSX.Element {
  const [said, setSaid] = createSignal<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.value);
      setSaid(text.parts.copied);
    } catch {
      setSaid(text.parts.notCopied);
    }
    clearTimeout(timer);
    timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
  };
  return (
    <span class="copy">
      <button
        type="button"
        class="button plain small"
        aria-label={`${text.parts.copy}: ${props.what}`}
        onClick={() => void copy()}
      >
        {said() ?? text.parts.copy}
      </button>
      <span class="unseen" role="status">
        {said()}
      </span>
    </span>
  );
}
