import { createEffect, createSignal } from 'solid-js';

/** `system` follows what the device says. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'blindpost.theme';

const [theme, setTheme] = createSignal<Theme>(remembered());

export { setTheme, theme };

/** Keeps the document's theme and the remembered one in step with the choice; to be called once, below a root. */
export function followTheme(): void {
  createEffect(() => {
    const chosen = theme();
    document.documentElement.dataset.theme = chosen;
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // A browser that keeps nothing forgets this as well.
    }
  });
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((name) => name === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
