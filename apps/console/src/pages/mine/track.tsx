import { For, type JSX, Show } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { mining, state } from './mining.js';

const words = text.mine.track;

/** What kind of work the present round is, in words. */
export function Track(): JSX.Element {
  const track = () => (mining() ? state()?.track : undefined);
  return (
    <Section title={words.title}>
      <Show when={track()} fallback={<p class="quiet">{words.none}</p>}>
        {(name) => (
          <div class="stack">
            <h3>{words.names[name()].name}</h3>
            <p>{words.names[name()].about}</p>
          </div>
        )}
      </Show>
      <details>
        <summary>{words.all}</summary>
        <dl class="tracks">
          <For each={Object.entries(words.names)}>
            {([id, { name, about }]) => (
              <div classList={{ now: id === track() }}>
                <dt>{name}</dt>
                <dd>{about}</dd>
              </div>
            )}
          </For>
        </dl>
      </details>
    </Section>
  );
}
