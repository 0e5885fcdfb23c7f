// A form whose key lies in a device at this PC. When it is sent, the office prepares the file, the helper on this
// PC asks for the PIN in a window of its own, and its answer goes back to the office with the form.
import { operationId } from "../../ui/js/shared.js";

const EACH = 800;
const PREPARING = "Đang dựng bản để ký…";
const WAITING = (digest) => `Đồng chí nhập PIN ở cửa sổ của trợ lý ký số. Mã kiểm tra: ${digest}`;
const SENDING = "Thiết bị đã ký, đang gửi về văn phòng…";
const CANCELLED = "Đồng chí đã thôi ký ở cửa sổ của trợ lý. Văn bản còn nguyên.";
const LAPSED = "Lần ký này đã hết hạn. Đồng chí bấm lại.";
const ABSENT = "Không thấy trợ lý ký số trên máy này. Đồng chí mở trợ lý, cắm thiết bị rồi bấm lại.";
const SILENT = "Văn phòng chưa trả lời. Đồng chí bấm lại.";

const pause = (time) => new Promise((done) => setTimeout(done, time));

class Said extends Error {}

async function told(answer) {
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw new Said(Object.values(body.fields || {})[0] || body.title || SILENT);
}

class NtSignAgent extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form.addEventListener("submit", (event) => this.sent(event), { capture: true });
  }

  say(sentence) {
    this.querySelector("[role=status]").textContent = sentence;
  }

  sent(event) {
    if (this.signed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.busy) this.sign();
  }

  async sign() {
    this.busy = true;
    try {
      this.say(PREPARING);
      const prepared = await this.prepare();
      const { id } = await this.hand(prepared);
      this.say(WAITING(prepared.digest));
      this.put("signing_request", prepared.request);
      this.putAll("signature", await this.answer(id));
      this.say(SENDING);
      this.signed = true;
      this.form.requestSubmit();
    } catch (error) {
      this.say(error instanceof Said ? error.message : SILENT);
    }
    this.querySelector("[data-confirm]").hidden = true;
    this.busy = false;
  }

  async prepare() {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("operation_id", operationId());
    return told(await fetch(this.dataset.prepare, { method: "POST", headers: { Accept: "application/json" }, body }));
  }

  ask(path, options = {}) {
    return fetch(this.dataset.agent + path, { cache: "no-store", ...options }).catch(() => {
      throw new Said(ABSENT);
    });
  }

  async hand({ ask }) {
    const headers = { "Content-Type": "application/json" };
    const taken = await told(await this.ask("/v1/signatures", { method: "POST", headers, body: JSON.stringify(ask) }));
    const opened = this.querySelector("[data-confirm]");
    opened.querySelector("a").href = taken.confirm_url;
    opened.hidden = false;
    window.open(taken.confirm_url, "nt-pin", "popup,width=560,height=640");
    return taken;
  }

  async answer(id) {
    for (;;) {
      await pause(EACH);
      const answer = await this.ask(`/v1/signatures/${id}`);
      if (answer.status === 404) throw new Said(LAPSED);
      const { state, signatures } = await told(answer);
      if (state === "signed") return signatures;
      if (state === "cancelled") throw new Said(CANCELLED);
    }
  }

  putAll(name, values) {
    for (const value of values) this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }

  put(name, value) {
    const field = this.form.elements[name] || this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }
}

customElements.define("nt-sign-agent", NtSignAgent);
