import { type JSX, Show } from 'solid-js';

export interface NoticeProps {
  /** `bad` interrupts who listens, the others wait for their turn. Default: `plain`. */
  kind?: 'plain' | 'good' | 'bad';
  title: string;
  children?: JSX.Element;
}

/** Something that came to pass and is worth a word. */
export function Notice(props: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${props.kind ?? 'plain'}`} role={props.kind === 'bad' ? 'alert' : 'status'}>
      <p class="notice-title">{props.title}</p>
      <Show when={props.children}>{props.children}</Show>
    </div>
  );
}
