/** Why an input was refused: a stable code, the field at fault and a sentence for people. */
export class ValueModelError extends Error {
  /**
   * @param {string} code
   * @param {string} field
   * @param {string} message
   */
  constructor(code, field, message) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
// On the prototype, as with the errors of the language: it is no field of each error.
Object.defineProperty(ValueModelError.prototype, "name", { value: "ValueModelError", configurable: true, writable: true });

/** A refusal as it crosses the border: `!` and JSON. */
export function refusalOf(text) {
  const { code, field, message } = JSON.parse(text.slice(1));
  return new ValueModelError(code, field, message);
}
