// <nt-autosave>: saves its form every 5 seconds and on leaving a field; keeps the words when it cannot.
import { CONNECTION_LOST, operationId, refusalOf } from "./shared.js";

const EVERY = 5000;

class Autosave extends HTMLElement {
  #dirty = false;
  #sending = false;
  #warned = false;
  #timer = 0;
  #leave = (event) => {
    if (!this.#dirty || this.#warned || this.#submitting) return;
    this.#warned = true;
    event.preventDefault();
  };
  #submitting = false;
  #ended = Promise.resolve();
  #online = () => this.save();

  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.saved = document.querySelector("[data-saved]");
    this.form.addEventListener("input", () => (this.#dirty = true));
    this.form.addEventListener("change", () => (this.#dirty = true));
    this.form.addEventListener("focusout", () => this.save());
    this.form.addEventListener("submit", (event) => this.#beforeSubmit(event));
    this.#timer = setInterval(() => this.save(), EVERY);
    addEventListener("beforeunload", this.#leave);
    addEventListener("online", this.#online);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    removeEventListener("beforeunload", this.#leave);
    removeEventListener("online", this.#online);
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
    const body = new FormData(this.form);
    const id = operationId();
    body.set("operation_id", id);
    try {
      const response = await fetch(this.dataset.url || this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "Idempotency-Key": id, "X-Requested-With": "nt-autosave" },
      });
      if (!response.ok) throw new Error(await refusalOf(response));
      const answer = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : {};
      const version = this.form.elements.version;
      if (version && answer.version) version.value = answer.version;
      this.#warned = false;
      this.#tell(`Đã lưu ${new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" })}`, false);
      this.dispatchEvent(new CustomEvent("nt:saved", { bubbles: true, detail: answer }));
    } catch (error) {
      this.#dirty = true;
      this.#tell(error instanceof TypeError || !error.message ? CONNECTION_LOST : error.message, true);
    } finally {
      this.#sending = false;
      ended();
    }
  }

  #tell(words, bad) {
    if (!this.saved) return;
    this.saved.textContent = words;
    this.saved.classList.toggle("is-bad", bad);
  }
}
customElements.define("nt-autosave", Autosave);
