import { type Attested, type Entity, EntityIdentity, type EntityProof } from '@blindpost/client/identity';
import { type EntityTypeCode, entityTypeByCode } from '@blindpost/zk/entity-types';
import { text } from '../../text/text.js';
import { Cell } from './cell.js';
import { Vault } from './vault.js';

/** Where the proving assets lie; the server may name another host, which the page's policy does not let it ask. */
const ASSETS = new URL('/assets/', location.origin).href;

/** What the steps of the page share: who proves, what is attested of them, and the last proof. */
export class Desk {
  readonly identity = new EntityIdentity({ apiUrl: location.origin, assetsUrl: ASSETS });
  readonly type = new Cell<EntityTypeCode>('AI.CA');
  readonly proof = new Cell<EntityProof | undefined>(undefined);
  readonly #entity = new Cell<Entity | undefined>(undefined);
  readonly #attestations = new Cell<ReadonlyMap<string, Attested>>(new Map());
  readonly #vault: Vault;

  private constructor(vault: Vault) {
    this.#vault = vault;
  }

  static async open(): Promise<Desk> {
    const vault = await Vault.open();
    const desk = new Desk(vault);
    const secret = await vault.secret();
    if (secret === undefined) return desk;
    const entity = desk.identity.createEntity(secret);
    desk.#become(entity);
    const own = (await vault.attestations()).filter(
      ({ attestation }) => attestation.entityCommitment === entity.commitment,
    );
    desk.#attestations.value = new Map(own.map((each) => [each.attestation.entityType, each]));
    return desk;
  }

  get entity(): Entity | undefined {
    return this.#entity.value;
  }

  /** What is attested of the entity and the chosen type. */
  get attestation(): Attested | undefined {
    return this.#attestations.value.get(this.type.value);
  }

  /** A new entity, or that of a secret. Rejects with a RangeError when it is none. */
  async begin(secret?: string): Promise<void> {
    const entity = this.identity.createEntity(secret);
    await this.#vault.keepSecret(entity.exportSecret());
    this.#become(entity);
  }

  async forget(): Promise<void> {
    await this.#vault.forget();
    this.#become(undefined);
  }

  /** Keeps an attestation and chooses its type. Rejects with a RangeError when it is somebody else's. */
  async keep(attested: Attested): Promise<void> {
    const { entityCommitment, entityType } = attested.attestation;
    const type = entityTypeByCode(entityType);
    if (entityCommitment !== this.entity?.commitment || type === undefined)
      throw new RangeError(text.prove.attestation.foreign);
    await this.#vault.keepAttestation(attested);
    this.#attestations.value = new Map([...this.#attestations.value, [type.code, attested]]);
    this.type.value = type.code;
  }

  /** Drops the attestation of the chosen type. */
  async drop(): Promise<void> {
    const code = this.type.value;
    await this.#vault.dropAttestation(code);
    this.#attestations.value = new Map([...this.#attestations.value].filter(([each]) => each !== code));
  }

  close(): void {
    this.#vault.close();
  }

  #become(entity: Entity | undefined): void {
    this.#entity.value = entity;
    this.#attestations.value = new Map();
    this.proof.value = undefined;
  }
}
