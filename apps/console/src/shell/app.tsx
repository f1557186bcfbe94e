import {
  createEffect,
  createMemo,
  createSignal,
  ErrorBoundary,
  type JSX,
  lazy,
  on,
  Suspense,
} from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { Button } from '../parts/button.jsx';
import { Notice } from '../parts/notice.jsx';
import { text } from '../text/text.js';
import { Header } from './header.jsx';
import { type PageName, page } from './route.js';
import { followTheme } from './theme.js';

/** One chunk each: what is not looked at is not loaded. */
const VIEWS: Record<PageName, () => Promise<{ default: () => JSX.Element }>> = {
  messages: () => import('../pages/messages/index.jsx'),
  mine: () => import('../pages/mine/index.jsx'),
  prove: () => import('../pages/prove/index.jsx'),
  operate: () => import('../pages/operate/index.jsx'),
};

export function App(): JSX.Element {
  let main: HTMLElement | undefined;
  const [attempt, setAttempt] = createSignal(0);
  // Made anew for each attempt: one that could not be loaded stays so.
  const view = createMemo(() => {
    attempt();
    return lazy(VIEWS[page()]);
  });
  followTheme();
  createEffect(() => {
    document.title = `${text[page()].title} · Blindpost`;
  });
  // Who navigates by keyboard or ear goes on in the new page, not at the link that led there.
  createEffect(on(page, () => main?.focus(), { defer: true }));

  return (
    <>
      {/* No link: the hash is the route. */}
      <button type="button" class="skip" onClick={() => main?.focus()}>
        {text.shell.skip}
      </button>
      <Header />
      <main id="main" tabindex="-1" ref={main} aria-label={text[page()].title}>
        <ErrorBoundary
          fallback={(error: unknown, reset) => (
            <Broken
              error={error}
              onAgain={() => {
                setAttempt((count) => count + 1);
                reset();
              }}
            />
          )}
        >
          <Suspense fallback={<p class="quiet">{text.shell.loading}</p>}>
            <Dynamic component={view()} />
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

function Broken(props: { error: unknown; onAgain: () => void }): JSX.Element {
  // What broke in one page is no reason to keep another one shut.
  createEffect(on(page, () => props.onAgain(), { defer: true }));
  return (
    <Notice kind="bad" title={text.shell.broken}>
      <p>{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <Button onClick={props.onAgain}>{text.shell.again}</Button>
    </Notice>
  );
}
