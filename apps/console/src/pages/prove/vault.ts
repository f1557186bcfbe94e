import { type Attested, isAttested } from '@blindpost/client/identity';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

const NAME = 'blindpost-prove';

interface Contents extends DBSchema {
  /** One row: the secret, in hex. */
  entity: { key: 'own'; value: string };
  /** What was attested of that entity, by the type's code. */
  attestations: { key: string; value: Attested };
}

/** What this browser keeps of the entity. The secret is never sent anywhere. */
export class Vault {
  readonly #db: IDBPDatabase<Contents>;

  private constructor(db: IDBPDatabase<Contents>) {
    this.#db = db;
  }

  static async open(): Promise<Vault> {
    const db = await openDB<Contents>(NAME, 1, {
      upgrade(made) {
        made.createObjectStore('entity');
        made.createObjectStore('attestations');
      },
    });
    return new Vault(db);
  }

  secret(): Promise<string | undefined> {
    return this.#db.get('entity', 'own');
  }

  /** Keeps another entity, in place of the one before and of all that was attested of it. */
  async keepSecret(secret: string): Promise<void> {
    const tx = this.#db.transaction(['entity', 'attestations'], 'readwrite');
    await Promise.all([
      tx.objectStore('entity').put(secret, 'own'),
      tx.objectStore('attestations').clear(),
      tx.done,
    ]);
  }

  async forget(): Promise<void> {
    const tx = this.#db.transaction(['entity', 'attestations'], 'readwrite');
    await Promise.all([tx.objectStore('entity').clear(), tx.objectStore('attestations').clear(), tx.done]);
  }

  /** All there are; one that an older version of this page kept in another shape is left out. */
  async attestations(): Promise<Attested[]> {
    return (await this.#db.getAll('attestations')).filter(isAttested);
  }

  async keepAttestation(attested: Attested): Promise<void> {
    await this.#db.put('attestations', attested, attested.attestation.entityType);
  }

  async dropAttestation(code: string): Promise<void> {
    await this.#db.delete('attestations', code);
  }

  close(): void {
    this.#db.close();
  }
}
