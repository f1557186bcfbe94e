import { For, type JSX, Show } from 'solid-js';
import { text } from '../text/text.js';
import { busy } from './busy.js';
import { hrefOf, PAGES, type PageName, page } from './route.js';
import { setTheme, THEMES, theme } from './theme.js';

/** Strokes of the navigation's signs, on a square of 24. */
const SIGNS: Record<PageName, string> = {
  messages: 'M3 6h18v12H3zM3 7l9 7 9-7',
  mine: 'M4 20L14 10M8 4c5 0 9 3 12 8M17 4l3 3',
  prove: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8 12l3 3 5-6',
  operate: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
};

export function Header(): JSX.Element {
  return (
    <header class="top">
      <a class="mark" href={hrefOf(PAGES[0])}>
        <svg viewBox="0 0 32 24" width="32" height="24" aria-hidden="true">
          <path class="paper" d="M2 2h28v20H2z" />
          <path d="M2 2h28v20H2zM2 3l14 11L30 3" />
          <path class="blind" d="M7 18h18" />
        </svg>
        <span>Blindpost</span>
      </a>
      <nav aria-label={text.shell.pages}>
        <For each={PAGES}>
          {(name) => (
            <a href={hrefOf(name)} aria-current={page() === name ? 'page' : undefined}>
              <Sign path={SIGNS[name]} />
              <span>{text[name].title}</span>
              <Show when={busy().has(name)}>
                <span class="dot" role="img" aria-label={text.shell.busy} />
              </Show>
            </a>
          )}
        </For>
      </nav>
      <ThemeChoice />
    </header>
  );
}

function Sign(props: { path: string }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d={props.path} />
    </svg>
  );
}

/** System, light, dark, and round again: one button whose name says what is chosen. */
function ThemeChoice(): JSX.Element {
  const next = () => THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? 'system';
  return (
    <button
      type="button"
      class="theme"
      aria-label={text.shell.theme(text.shell.themes[theme()])}
      title={text.shell.theme(text.shell.themes[theme()])}
      onClick={() => setTheme(next())}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <circle cx="12" cy="12" r="8" classList={{ whole: theme() === 'dark' }} />
        <Show when={theme() === 'system'}>
          <path class="half" d="M12 4a8 8 0 0 1 0 16z" />
        </Show>
      </svg>
    </button>
  );
}
