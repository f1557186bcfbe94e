import { type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import {
  CORES,
  ended,
  isUnreachable,
  mining,
  setThreads,
  setThrottle,
  start,
  state,
  stop,
  THROTTLE,
  threads,
  throttle,
  trouble,
} from './mining.js';

const words = text.mine.controls;

/** Start and stop, and how hard to work. */
export function Controls(props: { token: string }): JSX.Element {
  const status = () => words.status[state()?.status ?? 'stopped'];
  return (
    <Section title={words.title} aside={<StatusLine word={status()} />}>
      <Show
        when={mining()}
        fallback={
          <Button kind="main" onClick={() => start(props.token)}>
            {words.start}
          </Button>
        }
      >
        <Button onClick={stop}>{words.stop}</Button>
      </Show>
      <Field
        type="range"
        label={words.throttle}
        min={THROTTLE.min}
        max={THROTTLE.max}
        step={5}
        value={String(throttle())}
        hint={words.throttleHint}
        onInput={(value) => setThrottle(Number(value))}
        after={<output>{words.percent(throttle())}</output>}
      />
      <Field
        type="range"
        label={words.threads}
        min={1}
        max={CORES}
        step={1}
        value={String(threads())}
        hint={mining() ? words.threadsFixed : words.threadsHint(CORES)}
        disabled={mining()}
        onInput={(value) => setThreads(Number(value))}
        after={<output>{threads()}</output>}
      />
      <Show when={trouble()}>
        {(error) => (
          <Notice title={isUnreachable(error()) ? words.unreachable : words.trouble(error().message)} />
        )}
      </Show>
      <Show when={ended()}>{(error) => <Notice kind="bad" title={words.ended(error().message)} />}</Show>
    </Section>
  );
}

function StatusLine(props: { word: string }): JSX.Element {
  return (
    <p class="quiet status" role="status">
      <Show when={mining()}>
        <span class="dot" aria-hidden="true" />
      </Show>
      {props.word}
    </p>
  );
}
