// <nt-autosave>: saves its form every 5 seconds and on leaving a field; keeps the words when it cannot.
import { SIGN_IN, renew } from "./session.js";
import { CONNECTION_LOST, element, officeTime, operationId, refusalOf } from "./shared.js";

const EVERY = 5000;
const ENDED = "Phiên làm việc đã hết; nội dung còn nguyên trên trang này. Đăng nhập xong, đồng chí quay lại đây, việc lưu tự tiếp tục.";
const OTHER = "Người khác đã đăng nhập trên máy này nên nội dung chưa được lưu. Đồng chí đăng nhập lại bằng tài khoản của mình.";
const NOT_SAVED = "Chưa lưu";

class Autosave extends HTMLElement {
  #dirty = false;
  #sending = false;
  #warned = false;
  #isOut = false;
  #timer = 0;
  #leave = (event) => {
    if (!this.#dirty || this.#warned || this.#submitting) return;
    this.#warned = true;
    event.preventDefault();
  };
  #submitting = false;
  #ended = Promise.resolve();
  #again = () => document.hidden || this.save();

  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.saved = document.querySelector("[data-saved]");
    this.form.addEventListener("input", () => (this.#dirty = true));
    this.form.addEventListener("change", () => (this.#dirty = true));
    this.form.addEventListener("focusout", () => this.save());
    this.form.addEventListener("submit", (event) => this.#beforeSubmit(event));
    this.#timer = setInterval(() => this.#isOut && document.hidden || this.save(), EVERY);
    addEventListener("beforeunload", this.#leave);
    addEventListener("online", this.#again);
    document.addEventListener("visibilitychange", this.#again);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    removeEventListener("beforeunload", this.#leave);
    removeEventListener("online", this.#again);
    document.removeEventListener("visibilitychange", this.#again);
  }

  /** Whether something is typed that is not saved yet. */
  get dirty() {
    return this.#dirty;
  }

  /** A saving still under way ends first, so that the form leaves with the version it made. */
  #beforeSubmit(event) {
    if (!this.#sending) {
      this.#submitting = true;
      return;
    }
    event.preventDefault();
    const pressed = event.submitter;
    this.#ended.then(() => this.form.requestSubmit(pressed));
  }

  /** Send what is typed, once at a time; the server answers 2xx, or problem+json with a sentence. */
  async save() {
    if (!this.#dirty || this.#sending || this.#submitting) return;
    this.#sending = true;
    this.#dirty = false;
    let ended = () => {};
    this.#ended = new Promise((resolve) => (ended = resolve));
    try {
      const answer = await this.#delivered();
      this.#dirty ||= !answer;
      if (!answer) return;
      const version = this.form.elements.version;
      if (version && answer.version) version.value = answer.version;
      this.#warned = false;
      this.#tell(`Đã lưu ${officeTime(new Date())}`, false);
      this.dispatchEvent(new CustomEvent("nt:saved", { bubbles: true, detail: answer }));
    } catch (error) {
      this.#dirty = true;
      this.#tell(error instanceof TypeError || !error.message ? CONNECTION_LOST : error.message, true);
    } finally {
      this.#sending = false;
      ended();
    }
  }

  /** What the server answered; null while nobody is signed in. The secret of an older session is renewed. */
  async #delivered() {
    if (this.#isOut && !(await this.#isBack())) return null;
    for (let isSecond = false; ; isSecond = true) {
      const response = await this.#send();
      if (response.ok) return (response.headers.get("Content-Type") || "").includes("json") ? response.json() : {};
      const refusal = await refusalOf(response);
      const isOver = response.status === 401 || refusal.code === "csrf";
      const overtaken = refusal.code === "record.changed" ? document.querySelector("[data-overtaken]") : null;
      overtaken?.removeAttribute("hidden");
      if (!isOver || isSecond) throw new Error(overtaken ? NOT_SAVED : refusal.sentence);
      if (!(await this.#isBack())) return null;
    }
  }

  #send() {
    const body = new FormData(this.form);
    const id = operationId();
    body.set("operation_id", id);
    const headers = { Accept: "application/json", "Idempotency-Key": id, "X-Requested-With": "nt-autosave" };
    return fetch(this.dataset.url || this.form.action, { method: "POST", body, headers });
  }

  /** Whether the same person is signed in again; otherwise the line says what to do. */
  async #isBack() {
    const found = await renew();
    this.#isOut = found !== "renewed";
    if (this.#isOut) this.#tell(found === "other" ? OTHER : ENDED, true, element("a", { href: SIGN_IN, target: "_blank", rel: "noopener" }, "Đăng nhập ở thẻ mới"));
    return !this.#isOut;
  }

  #tell(words, bad, link = "") {
    if (!this.saved) return;
    const said = link ? `${words} ${link.textContent}` : words;
    if (this.saved.textContent === said) return;
    this.saved.replaceChildren(words, ...(link ? [" ", link] : []));
    this.saved.classList.toggle("is-bad", bad);
  }
}
customElements.define("nt-autosave", Autosave);
