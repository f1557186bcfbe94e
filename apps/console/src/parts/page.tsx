import { type JSX, Show } from 'solid-js';

/** A page's frame: its heading, one sentence, and what there is to do. */
export function Page(props: { title: string; lead: string; children?: JSX.Element }): JSX.Element {
  return (
    <div class="page">
      <div class="head">
        <h1>{props.title}</h1>
        <p class="lead">{props.lead}</p>
      </div>
      {props.children}
    </div>
  );
}

/** A part of a page with a heading of its own; `aside` stands at the heading's other end. */
export function Section(props: { title: string; aside?: JSX.Element; children: JSX.Element }): JSX.Element {
  return (
    <section class="section" aria-label={props.title}>
      <div class="section-head">
        <h2>{props.title}</h2>
        <Show when={props.aside}>{props.aside}</Show>
      </div>
      {props.children}
    </section>
  );
}
