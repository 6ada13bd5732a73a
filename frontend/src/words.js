// Texts of the page's language, given by the template on <template id="words" data-…>; no string lives in a script.
const given = document.getElementById('words');

export function word(name) {
  return given?.dataset[name] ?? '';
}
