// <nt-recipients>: the lines of Nơi nhận move without a new page.
class Recipients extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#act(event));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
  }

  #act(event) {
    const button = event.target.closest('button[name="act"]');
    const row = button?.closest("li");
    if (!row) return;
    event.preventDefault();
    const verb = button.value.split(":")[0];
    if (verb === "r-up") row.previousElementSibling?.before(row);
    else if (verb === "r-down") row.nextElementSibling?.after(row);
    else {
      const near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      (near?.querySelector(".input") || this.querySelector(".chip-add"))?.focus();
    }
    if (verb !== "r-delete") button.focus();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
customElements.define("nt-recipients", Recipients);
