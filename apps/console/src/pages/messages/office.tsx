import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { hrefOf, query, rest } from '../../shell/route.js';
import { text } from '../../text/text.js';
import { ConversationPane } from './conversation.jsx';
import { wordsOf } from './fault.js';
import type { Desk } from './model/desk.js';
import { nameOf } from './name.js';
import { OwnAddress } from './own-address.jsx';
import { PeerList } from './peer-list.jsx';

/** The page at work: who there is on one side, what was written on the other; one after the other on a phone. */
export function Office(props: { desk: Desk; fault: string | undefined }): JSX.Element {
  const [showing, setShowing] = createSignal(false);
  const opened = () => rest()[0];
  const conversation = createMemo(() => {
    const name = opened();
    return name === undefined ? undefined : props.desk.state.conversations[name];
  });
  const news = () => {
    const letter = props.desk.state.news;
    const from = letter === undefined ? undefined : props.desk.state.conversations[letter.peer];
    return letter && from ? text.messages.conversation.news(nameOf(from), letter.text) : '';
  };

  const look = () => void props.desk.look(document.visibilityState === 'visible' ? opened() : undefined);
  createEffect(on(opened, look));
  onMount(() => document.addEventListener('visibilitychange', look));
  onCleanup(() => {
    document.removeEventListener('visibilitychange', look);
    void props.desk.look(undefined);
  });

  return (
    <div class="office">
      <div class="office-head">
        <h1>{text.messages.title}</h1>
        <p class={`line-state ${props.desk.state.line}`} role="status">
          {text.messages.line[props.desk.state.line]}
        </p>
        <Button onClick={() => setShowing(true)}>{text.messages.own.button}</Button>
      </div>
      <Show when={props.fault}>
        {(fault) => (
          <Notice kind="bad" title={text.messages.burn.failed}>
            <p>{wordsOf(fault())}</p>
          </Notice>
        )}
      </Show>
      <p class="unseen" role="status">
        {news()}
      </p>
      <div class="desk" classList={{ reading: opened() !== undefined }}>
        <PeerList desk={props.desk} opened={opened()} invited={query().get('to') ?? undefined} />
        <section class="pane" aria-label={text.messages.peers.title}>
          <Show
            when={conversation()?.name}
            keyed
            fallback={
              <div class="pane-empty">
                <p class="quiet">
                  {opened() === undefined
                    ? text.messages.conversation.choose
                    : text.messages.conversation.unknown}
                </p>
                <Show when={opened() !== undefined}>
                  <a href={hrefOf('messages')}>{text.messages.conversation.back}</a>
                </Show>
              </div>
            }
          >
            {(name) => <ConversationPane desk={props.desk} name={name} />}
          </Show>
        </section>
      </div>
      <OwnAddress desk={props.desk} open={showing()} onClose={() => setShowing(false)} />
    </div>
  );
}
