// <nt-preview>: the true pages beside the text, drawn again after each save; the strip of checks, and who is next.
class Preview extends HTMLElement {
  #saved = (event) => this.#show(event.detail || {});

  connectedCallback() {
    document.addEventListener("nt:saved", this.#saved);
  }

  disconnectedCallback() {
    document.removeEventListener("nt:saved", this.#saved);
  }

  async #show({ pages, stamp, checks, next }) {
    // The strip is our own server's template, escaped there.
    const strip = document.querySelector("[data-checks]");
    if (strip && checks) strip.innerHTML = checks;
    const send = document.getElementById("gui-di");
    if (send && next) send.lastChild.textContent = next;
    if (!stamp || stamp === this.stamp) return;
    this.stamp = stamp;
    const address = (page) => `${this.dataset.base}${page}/?v=${stamp}`;
    const pictures = [...this.querySelectorAll(".sheet img")];
    if (!pictures.length || pictures.length !== pages) {
      this.#rebuild(pages, address);
      return;
    }
    for (const [place, picture] of pictures.entries()) {
      const fresh = new Image();
      fresh.src = address(place + 1);
      // Swapped when it is ready, so that the page never flickers.
      fresh.decode().then(() => (picture.src = fresh.src), () => (picture.src = fresh.src));
    }
  }

  #rebuild(pages, address) {
    const viewer = this.querySelector("nt-viewer");
    const pattern = this.querySelector(".sheet");
    if (!viewer || !pattern) {
      if (pages) location.reload();
      return;
    }
    const scrolled = viewer.querySelector(".viewer-page").scrollTop;
    const copy = viewer.cloneNode(true);
    const sheets = Array.from({ length: pages }, (_, place) => {
      const sheet = pattern.cloneNode(true);
      sheet.id = `trang-xem-truoc-${place + 1}`;
      const picture = sheet.querySelector("img");
      picture.src = address(place + 1);
      picture.alt = `Trang ${place + 1} trên ${pages}`;
      return sheet;
    });
    const pane = copy.querySelector(".viewer-page");
    pane.replaceChildren(...sheets);
    copy.querySelector("[data-page-now]")?.replaceChildren(`${pages} trang`);
    viewer.replaceWith(copy);
    pane.scrollTop = scrolled;
  }
}
customElements.define("nt-preview", Preview);
