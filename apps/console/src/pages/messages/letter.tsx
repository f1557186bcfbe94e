import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import { text } from '../../text/text.js';
import type { Desk } from './model/desk.js';
import type { Letter } from './model/mailbox.js';
import { SightView } from './sight.jsx';
import { exact, time } from './time.js';

export interface LetterProps {
  desk: Desk;
  letter: Letter;
}

export function LetterItem(props: LetterProps): JSX.Element {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let shown: HTMLDivElement | undefined;
  return (
    <li class="letter" classList={{ own: props.letter.own }}>
      <p class="letter-text" dir="auto">
        {props.letter.text}
      </p>
      <p class="letter-foot quiet">
        <time dateTime={new Date(props.letter.at).toISOString()} title={exact(props.letter.at)}>
          {time(props.letter.at)}
        </time>
        <Show when={props.letter.own}>
          <span
            class={`progress ${props.letter.progress}`}
            title={text.messages.progressAbout[props.letter.progress]}
          >
            {text.messages.progress[props.letter.progress]}
          </span>
        </Show>
        <button
          type="button"
          class="eye"
          aria-label={text.messages.sight.button}
          title={text.messages.sight.button}
          aria-expanded={open()}
          aria-controls={id}
          onClick={() => {
            setOpen(!open());
            if (open()) shown?.scrollIntoView({ block: 'nearest' });
          }}
        >
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
            <path d="M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12z" />
            <circle cx="12" cy="12" r="2.75" />
          </svg>
        </button>
      </p>
      <div id={id} ref={shown}>
        <Show when={open()}>
          <SightView
            way={props.desk.way}
            frame={props.desk.frame}
            sight={props.desk.state.sights[props.letter.id]}
            waits={props.letter.progress === 'queued'}
          />
        </Show>
      </div>
    </li>
  );
}
