// <nt-drop>: the page takes files; each file travels alone, with its own progress or its own fault.
import { CONNECTION_LOST, element, icon, operationId } from "./shared.js";

/** As the door itself says it (records/extraction/engine/inspection.py). */
const EMPTY = "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp, hoặc đề nghị gửi lại.";

class Drop extends HTMLElement {
  #waiting = [];
  #busy = false;
  #sent = 0;
  #over = (event) => {
    if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
    event.preventDefault();
    this.classList.add("is-over");
  };
  #leave = (event) => event.relatedTarget === null && this.classList.remove("is-over");
  #drop = (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.classList.remove("is-over");
    this.take(event.dataTransfer.files);
  };

  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector("input[type=file]");
    this.list = this.querySelector(".upload-list");
    this.said = this.querySelector("[data-said]");
    this.field.addEventListener("change", () => {
      this.take(this.field.files);
      this.field.value = "";
    });
    document.addEventListener("dragover", this.#over);
    document.addEventListener("dragleave", this.#leave);
    document.addEventListener("drop", this.#drop);
  }

  disconnectedCallback() {
    document.removeEventListener("dragover", this.#over);
    document.removeEventListener("dragleave", this.#leave);
    document.removeEventListener("drop", this.#drop);
  }

  /** Put files on the list and send them one after another. */
  take(files) {
    for (const file of files) {
      const line = element("li", {}, icon("file"), element("span", { class: "name" }, file.name), element("span", { class: "hint" }, sizeOf(file.size)));
      this.list.append(line);
      const limit = Number(this.dataset.maxMb || 200);
      if (!file.size) {
        this.#fail(line, EMPTY);
      } else if (file.size > limit * 1024 * 1024) {
        this.#fail(line, `Tệp nặng ${sizeOf(file.size)}, quá mức ${limit} MB. Đồng chí tách phụ lục thành tệp riêng.`);
      } else {
        this.#waiting.push([file, line]);
      }
    }
    this.#next();
  }

  async #next() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length) await this.#send(...this.#waiting.shift());
    this.#busy = false;
    if (!this.list.querySelector(".is-bad") && this.#sent && this.dataset.next) location.assign(this.dataset.next);
    this.dispatchEvent(new CustomEvent("nt:uploaded", { bubbles: true, detail: { sent: this.#sent } }));
  }

  #send(file, line) {
    const bar = element("progress", { max: 100, value: 0, "aria-label": `Đang gửi ${file.name}` });
    line.append(bar);
    const body = new FormData(this.form);
    const id = operationId();
    body.delete(this.dataset.name);
    body.append(this.dataset.name, file, file.name);
    body.set("operation_id", id);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Idempotency-Key", id);
      request.upload.onprogress = (event) => event.lengthComputable && (bar.value = (event.loaded / event.total) * 100);
      request.onload = () => {
        bar.remove();
        const answer = read(request.responseText);
        if (request.status >= 200 && request.status < 400) this.#finish(line, file, answer);
        else this.#fail(line, answer.title || answer.sentence || "Không nhận được tệp này. Đồng chí gửi lại sau ít phút.");
        done();
      };
      request.onerror = () => {
        bar.remove();
        this.#fail(line, CONNECTION_LOST, () => this.#waiting.push([file, line]) && this.#next());
        done();
      };
      request.send(body);
    });
  }

  #finish(line, file, answer) {
    this.#sent += 1;
    line.className = "is-done";
    line.querySelector(".icon").replaceWith(icon("ok"));
    if (answer.url) line.querySelector(".name").replaceChildren(element("a", { href: answer.url }, answer.label || file.name));
    this.said.textContent = `Đã nhận ${file.name}.`;
  }

  #fail(line, sentence, again) {
    line.className = "is-bad";
    line.querySelector(".icon").replaceWith(icon("warn"));
    const words = element("p", { class: "field-error" }, element("span", {}, sentence));
    line.append(words);
    if (again) {
      const button = element("button", { class: "btn btn--s", type: "button" }, "Gửi lại");
      button.addEventListener("click", () => {
        words.remove();
        button.remove();
        line.className = "";
        again();
      });
      line.append(button);
    }
    this.said.textContent = `${line.querySelector(".name").textContent}: ${sentence}`;
  }
}
customElements.define("nt-drop", Drop);

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} byte`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / 1024 / 1024).toLocaleString("vi")} MB`;
}

function read(text) {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
}
