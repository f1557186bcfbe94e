import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { hrefOf } from '../../shell/route.js';
import { text } from '../../text/text.js';
import { faultOf } from './fault.js';
import { Mark } from './mark.jsx';
import type { Conversation, Desk } from './model/desk.js';
import { nameOf } from './name.js';
import { when } from './time.js';

export interface PeerListProps {
  desk: Desk;
  /** Name of the peer whose conversation is shown. */
  opened: string | undefined;
  /** An address that a link brought. */
  invited: string | undefined;
}

/** Whom there is to write to, and room for one more. */
export function PeerList(props: PeerListProps): JSX.Element {
  const [address, setAddress] = createSignal('');
  const [fault, setFault] = createSignal<string>();
  const add = async (written: string): Promise<void> => {
    try {
      const name = await props.desk.add(written);
      setAddress('');
      setFault(undefined);
      // In its place: going back must not lead to an invitation that leads here again.
      if (props.invited === undefined) location.hash = hrefOf('messages', name);
      else location.replace(hrefOf('messages', name));
    } catch (error) {
      setAddress(written);
      setFault(faultOf(error));
    }
  };
  createEffect(
    on(
      () => props.invited,
      (invited) => {
        if (invited !== undefined) void add(invited);
      },
    ),
  );
  return (
    <section class="peers" aria-label={text.messages.peers.title}>
      <form
        class="peers-add"
        onSubmit={(event) => {
          event.preventDefault();
          void add(address());
        }}
      >
        <Field
          label={text.messages.peers.add}
          placeholder={text.messages.peers.placeholder}
          mono
          value={address()}
          error={fault()}
          onInput={(value) => {
            setAddress(value);
            setFault(undefined);
          }}
          after={
            <Button submit disabled={address().trim() === ''}>
              {text.messages.peers.open}
            </Button>
          }
        />
      </form>
      <Show
        when={props.desk.list().length > 0}
        fallback={<p class="quiet peers-none">{text.messages.peers.none}</p>}
      >
        <ul class="peers-list">
          <For each={props.desk.list().map(({ name }) => name)}>
            {(name) => (
              <Show when={props.desk.state.conversations[name]}>
                {(conversation) => <Row conversation={conversation()} current={props.opened === name} />}
              </Show>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

function Row(props: { conversation: Conversation; current: boolean }): JSX.Element {
  const last = () => props.conversation.letters.at(-1);
  return (
    <li>
      <a
        class="peer"
        href={hrefOf('messages', props.conversation.name)}
        aria-current={props.current ? 'true' : undefined}
      >
        <Mark of={props.conversation.name} />
        <span class="peer-name" classList={{ mono: props.conversation.called === '' }}>
          {nameOf(props.conversation)}
        </span>
        <span class="peer-when quiet">
          <Show when={last()}>{(letter) => <>{when(letter().at)}</>}</Show>
        </span>
        <span class="peer-last quiet">
          <Show when={last()} fallback={text.messages.peers.nothing}>
            {(letter) => <>{`${letter().own ? `${text.messages.peers.you} ` : ''}${letter().text}`}</>}
          </Show>
        </span>
        <Show when={props.conversation.unread > 0}>
          <span class="peer-unread">
            <span aria-hidden="true">{props.conversation.unread}</span>
            <span class="unseen">{text.messages.peers.unread(props.conversation.unread)}</span>
          </span>
        </Show>
      </a>
    </li>
  );
}
