// The states "Hoàn tác" goes back to.
const MOST = 60;

export class History {
  #states = [];

  /** Keep a state; the same one twice is one. */
  keep(state) {
    if (this.#states.at(-1) !== state) this.#states.push(state);
    if (this.#states.length > MOST) this.#states.shift();
  }

  /** The last state that differs from the present one, taken from the list; undefined when there is none. */
  back(now) {
    let past = this.#states.pop();
    if (past === now) past = this.#states.pop();
    return past;
  }
}
