// @ts-check
/**
 * One tab among those of a browser does the work for all. The browser hands the part on when that
 * tab dies; one that no longer answers is replaced.
 */

export class Leadership {
  /**
   * @param {string} name
   * @param {{begin: () => void, end: () => void}} part
   */
  constructor(name, { begin, end }) {
    this.name = name;
    this.begin = begin;
    this.end = end;
    this.leading = false;
  }

  /**
   * Waits for the part; `steal` takes it from the tab that has it.
   * @param {boolean} [steal]
   */
  wait(steal = false) {
    if (this.leading) return;
    const part = () =>
      new Promise(() => {
        this.leading = true; // until this tab is gone, or another takes over
        this.begin();
      });
    navigator.locks.request(this.name, { steal }, part).catch(() => {
      this.leading = false;
      this.end();
      this.wait();
    });
  }
}
