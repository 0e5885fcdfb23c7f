// The fields of a form as people fill them: their names, what they hold, what the server put into them.
const LEFT_OUT = "[type=hidden], [type=file], [type=submit], [type=button], [type=reset], button, fieldset, output, object";

const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The fields a person fills by hand; no files. */
export const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !field.matches(LEFT_OUT));

/** A name that finds the field again when the page comes anew. */
export function keyOf(form, field) {
  if (isChoice(field)) return `${field.name}=${field.value}`;
  return form.elements.namedItem(field.name) === field ? field.name : field.id;
}

export function valueOf(field) {
  if (isChoice(field)) return field.checked;
  return field.options ? [...field.selectedOptions].map((option) => option.value) : field.value;
}

/** What the server put into the field. */
export function givenTo(field) {
  if (isChoice(field)) return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  const marked = [...field.options].filter((option) => option.defaultSelected);
  return (marked.length || field.multiple ? marked : [...field.options].slice(0, 1)).map((option) => option.value);
}

/** Give the field a value `valueOf` has told; a select says that it has changed. */
export function put(field, value) {
  if (isChoice(field)) field.checked = value;
  else if (field.options) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
  if (field.options) field.dispatchEvent(new Event("change", { bubbles: true }));
}
