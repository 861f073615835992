// @ts-check
/** Files that are being uploaded, kept on the device's disk until the record has them. */
import { answer, openDatabase, transact } from "./idb.js";

/**
 * @typedef {object} Upload
 * @property {string} id the file's
 * @property {string} document
 * @property {string} practitioner
 * @property {string} patient
 * @property {string} name
 * @property {string} media_type
 * @property {Blob} blob
 * @property {string} sha256
 * @property {number} sent parts that the journal has
 * @property {string} added_at
 */

const NAME = "anamnesis-uploads";
const STORE = "uploads";

export class UploadStore {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
  }

  /** Rejects where the browser keeps nothing. */
  static async open() {
    return new UploadStore(
      await openDatabase(NAME, 1, (database) => {
        database.createObjectStore(STORE, { keyPath: "id" });
      }),
    );
  }

  /** @param {Upload} upload */
  put(upload) {
    return transact(this.database, [STORE], "readwrite", async (transaction) => {
      await answer(transaction.objectStore(STORE).put(upload));
    });
  }

  /** @param {string} id */
  remove(id) {
    return transact(this.database, [STORE], "readwrite", async (transaction) => {
      await answer(transaction.objectStore(STORE).delete(id));
    });
  }

  /**
   * This practitioner's, the oldest first.
   * @param {string} practitioner
   * @returns {Promise<Upload[]>}
   */
  async all(practitioner) {
    /** @type {Upload[]} */
    const found = await transact(this.database, [STORE], "readonly", (transaction) =>
      answer(transaction.objectStore(STORE).getAll()),
    );
    return found
      .filter((one) => one.practitioner === practitioner)
      .sort((a, b) => a.added_at.localeCompare(b.added_at));
  }
}
