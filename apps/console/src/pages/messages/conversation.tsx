import { createEffect, createSignal, For, type JSX, on, onMount, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { hrefOf } from '../../shell/route.js';
import { text } from '../../text/text.js';
import { Composer } from './composer.jsx';
import { faultOf } from './fault.js';
import { LetterItem } from './letter.jsx';
import { Mark } from './mark.jsx';
import type { Desk } from './model/desk.js';
import { nameOf } from './name.js';
import { day, isSameDay } from './time.js';
import { Who } from './who.jsx';

/** How near to the end somebody reads who wants to see what comes; pixels. */
const NEAR = 120;

export function ConversationPane(props: { desk: Desk; name: string }): JSX.Element {
  const conversation = () => props.desk.state.conversations[props.name];
  const letters = () => conversation()?.letters ?? [];
  const called = () => nameOf(conversation() ?? { name: props.name, called: '' });
  const [asking, setAsking] = createSignal(false);
  const [fault, setFault] = createSignal<string>();
  let scroller: HTMLDivElement | undefined;
  let heading: HTMLHeadingElement | undefined;

  const toEnd = () => scroller?.scrollTo({ top: scroller.scrollHeight });
  onMount(() => {
    toEnd();
    heading?.focus();
  });
  createEffect(
    on(
      () => letters().at(-1),
      (last) => {
        if (scroller === undefined) return;
        const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
        if (last?.own === true || left < NEAR + (scroller.lastElementChild?.clientHeight ?? 0)) {
          requestAnimationFrame(toEnd);
        }
      },
      { defer: true },
    ),
  );
  const trust = async (): Promise<void> => {
    setFault(undefined);
    await props.desk.trust(props.name).catch((error: unknown) => setFault(faultOf(error)));
  };

  return (
    <>
      <div class="pane-head">
        <a class="back" href={hrefOf('messages')}>
          <span class="unseen">{text.messages.conversation.back}</span>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path d="M15 5l-7 7 7 7" />
          </svg>
        </a>
        <Mark of={props.name} />
        <h2 ref={heading} tabindex="-1" classList={{ mono: conversation()?.called === '' }}>
          {called()}
        </h2>
        <button type="button" class="button plain small" onClick={() => setAsking(true)}>
          {text.messages.conversation.who}
        </button>
      </div>
      <Show when={conversation()?.changed}>
        <Notice kind="bad" title={text.messages.conversation.changed(called())}>
          <p>{text.messages.conversation.changedAbout}</p>
          <Show when={fault()}>
            <p>{fault()}</p>
          </Show>
          <Button kind="bad" onClick={() => void trust()}>
            {text.messages.conversation.trust}
          </Button>
        </Notice>
      </Show>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <div
        class="letters"
        ref={scroller}
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label={text.messages.conversation.letters(called())}
      >
        <Show when={conversation()?.more}>
          <Button onClick={() => void props.desk.earlier(props.name)}>
            {text.messages.conversation.earlier}
          </Button>
        </Show>
        <ol>
          <For each={letters()}>
            {(letter, n) => (
              <>
                <Show when={!isSameDay(letters()[n() - 1]?.at ?? 0, letter.at)}>
                  <li class="day quiet">{day(letter.at)}</li>
                </Show>
                <LetterItem desk={props.desk} letter={letter} />
              </>
            )}
          </For>
        </ol>
      </div>
      <Composer desk={props.desk} name={props.name} called={called()} />
      <Who desk={props.desk} name={props.name} open={asking()} onClose={() => setAsking(false)} />
    </>
  );
}
