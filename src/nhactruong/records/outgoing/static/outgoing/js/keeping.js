// The text of the editor among the fields of its form: it is sent with them, and kept in this tab with them
// until it is saved (ui/js/keep.js).

/** Let the blocks of `editor` be sent, kept, brought back or given up with the other fields of its form. */
export function keeping(editor) {
  const now = () => JSON.stringify(editor.body);
  const given = now();
  const show = (body) => {
    editor.remember();
    editor.replace(JSON.parse(body).blocks);
  };
  editor.form.addEventListener("formdata", (event) => event.formData.set("body_json", now()));
  editor.form.addEventListener("nt:keep", ({ detail: typed }) => {
    if (now() !== given) typed.body_json = now();
  });
  editor.form.addEventListener("nt:restore", (event) => {
    const body = event.detail.body_json;
    if (!body || body === now()) return;
    show(body);
    event.preventDefault();
  });
  editor.form.addEventListener("nt:compare", (event) => {
    const body = event.detail.body_json;
    if (body && body !== now()) event.preventDefault();
  });
  editor.form.addEventListener("nt:discard", () => now() === given || show(given));
}
