import { type Attested, type Entity, EntityIdentity, isAttested } from '@blindpost/client/identity';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { createResource, createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Choice } from '../../parts/choice.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Attempt } from './attempt.js';
import { developmentAttester } from './attesters.js';
import type { Desk } from './desk.js';

const words = text.prove.attestation;
const WAYS = ['development', 'key', 'paste'] as const;
type Way = (typeof WAYS)[number];

/** Who vouches for the type: whoever runs this server in development, an attester by its key, or one asked elsewhere. */
export function AttestationStep(props: { desk: Desk; entity: Entity }): JSX.Element {
  return (
    <Section title={words.title}>
      <Show
        when={props.desk.attestation}
        keyed
        fallback={<Ask desk={props.desk} commitment={props.entity.commitment} />}
      >
        {(attested) => <Vouched desk={props.desk} attested={attested} />}
      </Show>
    </Section>
  );
}

function Vouched(props: { desk: Desk; attested: Attested }): JSX.Element {
  const attempt = new Attempt();
  const attestation = () => props.attested.attestation;
  const type = () => entityTypeByCode(attestation().entityType)?.name ?? attestation().entityType;
  const time = (iso: string) => new Date(iso).toLocaleString();
  return (
    <>
      <Show when={props.attested.development} fallback={<Notice kind="good" title={words.vouched(type())} />}>
        <Notice title={words.vouchedDevelopment(type())}>
          <p>{words.worthless}</p>
        </Notice>
      </Show>
      <dl class="facts">
        <div>
          <dt>{words.attester}</dt>
          <dd>{words.place(attestation().attesterIndex)}</dd>
        </div>
        <div>
          <dt>{words.created}</dt>
          <dd>{time(attestation().createdAt)}</dd>
        </div>
        <Show when={attestation().expiresAt}>
          {(expires) => (
            <div>
              <dt>{words.expires}</dt>
              <dd>{time(expires())}</dd>
            </div>
          )}
        </Show>
      </dl>
      <div class="actions">
        <Copy value={JSON.stringify(props.attested)} what={words.title} />
        <Button busy={attempt.busy} onClick={() => void attempt.run(() => props.desk.drop())}>
          {words.drop}
        </Button>
      </div>
    </>
  );
}

function Ask(props: { desk: Desk; commitment: string }): JSX.Element {
  const [development] = createResource(() => props.desk.type.value, developmentAttester);
  const [chosen, setChosen] = createSignal<Way>();
  const [key, setKey] = createSignal('');
  const [pasted, setPasted] = createSignal('');
  const attempt = new Attempt();
  const ways = () => WAYS.filter((way) => way !== 'development' || development.latest !== undefined);
  const way = (): Way => chosen() ?? ways()[0] ?? 'paste';

  const request = () => ({ commitment: props.commitment, type: props.desk.type.value });
  const get = async (): Promise<Attested> => {
    switch (way()) {
      case 'development':
        return props.desk.identity.requestAttestation({ ...request(), attester: development.latest });
      case 'key': {
        const asker = new EntityIdentity({ apiUrl: location.origin, apiKey: key().trim() });
        return asker.requestAttestation(request());
      }
      case 'paste':
        return read(pasted());
    }
  };
  const ask = async (): Promise<void> => props.desk.keep(await get());

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt.run(ask);
      }}
    >
      <p>{words.lead}</p>
      <Choice
        label={words.way}
        value={way()}
        options={ways().map((value) => ({ value, label: words.ways[value] }))}
        onChange={(value) => {
          attempt.clear();
          setChosen(value);
        }}
      />
      <Switch>
        <Match when={way() === 'development'}>
          <Notice title={words.development}>
            <p>{words.worthless}</p>
          </Notice>
        </Match>
        <Match when={way() === 'key'}>
          <Field label={words.key} type="password" mono value={key()} onInput={setKey} hint={words.keyHint} />
        </Match>
        <Match when={way() === 'paste'}>
          <Field
            label={words.pasted}
            type="area"
            mono
            value={pasted()}
            onInput={setPasted}
            hint={words.pastedHint}
          />
        </Match>
      </Switch>
      <Show when={attempt.fault}>{(fault) => <Notice kind="bad" title={fault()} />}</Show>
      <div class="actions">
        <Button submit kind="main" busy={attempt.busy}>
          {way() === 'paste' ? words.take : words.ask}
        </Button>
      </div>
    </form>
  );
}

/** @throws RangeError when the text is no attestation */
function read(pasted: string): Attested {
  try {
    const parsed: unknown = JSON.parse(pasted);
    if (isAttested(parsed)) return parsed;
  } catch {
    // Said below: what is no JSON is no attestation either.
  }
  throw new RangeError(words.unreadable);
}
