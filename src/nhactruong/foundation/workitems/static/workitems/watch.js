// <nt-watch>: says so when other work waits than the page shows. It asks soon after the page came (what
// was just sent is still on its way), then ever more seldom, and at once when one comes back to the tab.
// Nothing moves by itself: the list stays as it is until one presses.
const FIRST = 2000;
const LONGEST = 20000;

class Watch extends HTMLElement {
  #pause = FIRST;
  #timer = 0;
  #seen = () => document.visibilityState === "visible" && this.#wait(0);

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#seen);
    this.#wait(this.#pause);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#timer);
  }

  #wait(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), time);
  }

  async #ask() {
    if (document.visibilityState !== "visible" || this.dataset.said) return;
    const headers = { Accept: "application/json", "If-None-Match": `"${this.dataset.mark}"`, "X-Requested-With": "nt-watch" };
    const answer = await fetch(this.dataset.url, { headers, cache: "no-store" }).catch(() => null);
    // Signed out meanwhile: the next press leads to the sign-in page.
    if (answer?.status === 401 || answer?.redirected) return;
    if (answer?.status === 200) this.#say(await answer.json());
    this.#pause = Math.min(this.#pause * 1.5, LONGEST);
    this.#wait(this.#pause);
  }

  #say({ waiting }) {
    const more = waiting - Number(this.dataset.waiting);
    const note = this.querySelector("template").content.cloneNode(true);
    note.querySelector("[data-sentence]").textContent =
      more > 0 ? `Có ${more} việc mới chờ đồng chí.` : "Danh sách việc đã thay đổi.";
    this.append(note);
    this.dataset.said = "1";
  }
}
customElements.define("nt-watch", Watch);
