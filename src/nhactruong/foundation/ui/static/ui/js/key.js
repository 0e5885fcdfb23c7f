// A security key answers in place of a typed code. `data-options` is the question of a whole form, whose hidden
// `credential` takes the answer; `data-makes` makes a new key. `data-url` asks for the question when the button
// is pressed, and what the server gives for the answer goes into the field `data-for`.
const REFUSED = "Khóa bảo mật chưa trả lời. Đồng chí bấm lại, hoặc dùng mã.";
const ABSENT = "Trình duyệt này không dùng được khóa bảo mật. Đồng chí dùng mã.";
const GIVEN = "Khóa bảo mật đã xác nhận. Đồng chí bấm nút của việc đang làm.";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function question({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) asked.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.allowCredentials) asked.allowCredentials = named(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) asked.excludeCredentials = named(publicKey.excludeCredentials);
  return { publicKey: asked };
}

function answer(credential) {
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = text(response[name]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response: told, clientExtensionResults });
}

class NtKey extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) this.say(ABSENT);
    else if (this.dataset.url) this.querySelector("button").addEventListener("click", () => this.fillCode());
    else this.querySelector("form").addEventListener("submit", (event) => this.sendAnswer(event));
  }

  say(sentence) {
    this.querySelector("[role=status]").textContent = sentence;
  }

  async ask(options) {
    try {
      const asked = question(options);
      const given = "makes" in this.dataset ? await navigator.credentials.create(asked) : await navigator.credentials.get(asked);
      return answer(given);
    } catch {
      this.say(REFUSED);
      return "";
    }
  }

  async sendAnswer(event) {
    const form = event.target;
    if (form.elements.credential.value) return;
    event.preventDefault();
    form.elements.credential.value = await this.ask(JSON.parse(this.dataset.options));
    if (form.elements.credential.value) form.requestSubmit();
  }

  async fillCode() {
    const field = document.getElementById(this.dataset.for);
    const asked = await fetch(this.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
    const credential = asked.ok ? await this.ask(await asked.json()) : "";
    if (!credential) return this.say(REFUSED);
    const sent = await fetch(this.dataset.url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": field.form.elements.csrfmiddlewaretoken.value },
      body: new URLSearchParams({ credential }),
    });
    const told = await sent.json();
    if (!sent.ok) return this.say(told.title);
    field.value = told.code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return this.say(GIVEN);
  }
}

customElements.define("nt-key", NtKey);
