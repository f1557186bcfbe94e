import { createSignal, For, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { query } from '../../shell/route.js';
import { served } from '../../shell/services.js';
import { text } from '../../text/text.js';
import { wordsOf } from './fault.js';
import { wayOf } from './model/chat-mailbox.js';
import { WAYS, type Way } from './model/mailbox.js';
import { create, stage } from './model/stage.js';

/** The first visit: one choice, one button. */
export function Arrival(): JSX.Element {
  // Whoever comes by somebody's link writes as that address does.
  const invited = () => wayOf(query().get('to') ?? '');
  const isServed = (way: Way) => served()?.[way] !== undefined;
  const [chosen, setChosen] = createSignal<Way>();
  const way = () => chosen() ?? invited() ?? WAYS.find(isServed) ?? 'relay';
  const making = () => stage().kind === 'making';
  const said = () => {
    const now = stage();
    return now.kind === 'arrival' ? now : undefined;
  };
  return (
    <Section title={text.messages.arrival.title}>
      <Show when={said()?.burned}>
        <Notice kind="good" title={text.messages.arrival.burned} />
      </Show>
      <Show when={said()?.fault}>
        {(fault) => (
          <Notice kind="bad" title={text.messages.arrival.notMade}>
            <p>{wordsOf(fault())}</p>
          </Notice>
        )}
      </Show>
      <Show when={invited()}>
        <p class="quiet">{text.messages.arrival.invited}</p>
      </Show>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void create(way());
        }}
      >
        <fieldset class="ways" disabled={making()}>
          <legend class="unseen">{text.messages.arrival.title}</legend>
          <For each={WAYS}>
            {(each) => (
              <label class="way">
                <input
                  type="radio"
                  name="way"
                  value={each}
                  checked={way() === each}
                  disabled={served() !== null && !isServed(each)}
                  onChange={() => setChosen(each)}
                />
                <span class="way-name">{text.messages.arrival.ways[each]}</span>
                <span class="quiet">
                  {served() === null || isServed(each)
                    ? text.messages.arrival.about[each]
                    : text.messages.arrival.missing(text.shell.serviceNames[each])}
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <p class="quiet">{text.messages.arrival.same}</p>
        <div class="actions">
          <Button kind="main" submit busy={making()} disabled={!isServed(way())}>
            {making() ? text.messages.arrival.making : text.messages.arrival.make}
          </Button>
        </div>
      </form>
    </Section>
  );
}
