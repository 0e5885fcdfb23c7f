// <nt-viewer>: zoom, page by page, and the source line of the field that has the focus.
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];

class Viewer extends HTMLElement {
  #zoom = 1;
  #watch = null;
  #onFocus = (event) => {
    const key = event.target.closest?.("[data-mark]")?.dataset.mark;
    if (key) this.light(key);
  };

  connectedCallback() {
    this.pane = this.querySelector(".viewer-page");
    this.sheets = [...this.querySelectorAll(".sheet")];
    if (!this.sheets.length) return;
    this.words = this.querySelector("[data-page-now]");
    this.here = 0;
    this.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act === "in" || act === "out") this.zoom(act === "in" ? 1 : -1);
      if (act === "next" || act === "prev") this.go(this.here + (act === "next" ? 1 : -1));
    });
    this.pane.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 1 : -1);
      else if (event.key === "PageDown" || event.key === "PageUp") this.go(this.here + (event.key === "PageDown" ? 1 : -1));
      else return;
      event.preventDefault();
    });
    document.addEventListener("focusin", this.#onFocus);
    this.#watch = new IntersectionObserver(() => this.#locate(), { root: this.pane, threshold: [0, 0.25, 0.5, 0.75, 1] });
    for (const sheet of this.sheets) this.#watch.observe(sheet);
    this.#tell();
  }

  disconnectedCallback() {
    document.removeEventListener("focusin", this.#onFocus);
    this.#watch?.disconnect();
  }

  /** Scroll to page number `index`, from 0. */
  go(index) {
    const sheet = this.sheets[index];
    if (!sheet) return;
    this.pane.scrollTo({ top: sheet.offsetTop - this.pane.offsetTop });
    this.here = index;
    this.#tell();
  }

  /** One step larger or smaller; the middle of what is seen stays in the middle. */
  zoom(by) {
    const place = Math.min(Math.max(ZOOMS.indexOf(this.#zoom) + by, 0), ZOOMS.length - 1);
    const middle = (this.pane.scrollTop + this.pane.clientHeight / 2) / this.pane.scrollHeight;
    this.#zoom = ZOOMS[place];
    this.pane.style.setProperty("--zoom", this.#zoom);
    this.pane.scrollTop = middle * this.pane.scrollHeight - this.pane.clientHeight / 2;
    for (const [act, end] of [["out", 0], ["in", ZOOMS.length - 1]]) {
      this.querySelector(`[data-act=${act}]`)?.toggleAttribute("data-end", place === end);
    }
  }

  /** Light the mark of one field and bring it into sight. */
  light(key) {
    const marks = [...this.querySelectorAll(".mark")];
    const lit = marks.filter((mark) => mark.dataset.markKey === key);
    if (!lit.length) return;
    for (const mark of marks) mark.classList.toggle("is-on", mark.dataset.markKey === key);
    const box = lit[0].getBoundingClientRect();
    const pane = this.pane.getBoundingClientRect();
    if (box.top < pane.top || box.bottom > pane.bottom) this.pane.scrollTop += box.top - pane.top - pane.height / 3;
    if (box.left < pane.left || box.right > pane.right) this.pane.scrollLeft += box.left - pane.left - pane.width / 4;
  }

  #locate() {
    const middle = this.pane.getBoundingClientRect().top + this.pane.clientHeight / 2;
    const now = this.sheets.findIndex((sheet) => sheet.getBoundingClientRect().bottom > middle);
    this.here = now < 0 ? this.sheets.length - 1 : now;
    this.#tell();
  }

  #tell() {
    if (this.words) this.words.textContent = `Trang ${this.here + 1}/${this.sheets.length}`;
  }
}
customElements.define("nt-viewer", Viewer);
