import { onCleanup, onMount } from 'solid-js';

/** Does it now and every so often while the page is looked at, one after the other; to be called in a component. */
export function whileVisible(everyMs: number, task: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under = false;
  let gone = false;
  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    if (under || gone || document.visibilityState === 'hidden') return;
    under = true;
    try {
      await task();
    } finally {
      under = false;
    }
    if (!gone) timer = setTimeout(turn, everyMs);
  };
  const seen = (): void => void turn();
  onMount(() => {
    document.addEventListener('visibilitychange', seen);
    void turn();
  });
  onCleanup(() => {
    gone = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  });
}
