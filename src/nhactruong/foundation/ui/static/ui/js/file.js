// <nt-file>: says which file was chosen. The browser's own words would be in the browser's language.
class ChosenFile extends HTMLElement {
  connectedCallback() {
    const [field, said] = [this.querySelector("input[type=file]"), this.querySelector("[data-said]")];
    this.nothing ??= said.textContent;
    const say = () => (said.textContent = [...field.files].map((file) => file.name).join(", ") || this.nothing);
    field.addEventListener("change", say);
    say();
  }
}
customElements.define("nt-file", ChosenFile);
