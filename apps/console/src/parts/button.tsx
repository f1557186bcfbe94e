import type { JSX } from 'solid-js';

export interface ButtonProps {
  children: JSX.Element;
  onClick?: () => void;
  /** `main` once in a view, `bad` for what cannot be undone. Default: plain. */
  kind?: 'plain' | 'main' | 'bad';
  /** Sends the form it stands in. */
  submit?: boolean;
  disabled?: boolean;
  /** Work is under way: it stays where it is and cannot be pressed again. */
  busy?: boolean;
  /** What it is called where its content does not say it. */
  label?: string;
}

export function Button(props: ButtonProps): JSX.Element {
  return (
    <button
      type={props.submit === true ? 'submit' : 'button'}
      class={`button ${props.kind ?? 'plain'}`}
      disabled={props.disabled === true || props.busy === true}
      aria-busy={props.busy === true}
      aria-label={props.label}
      onClick={() => props.onClick?.()}
    >
      {props.children}
    </button>
  );
}
