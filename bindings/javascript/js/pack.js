// Values as they cross the border: numbers that say what comes next, and all texts in one. `src/packed.rs` reads them.
//
// Only an object's own enumerable fields are read, so that nothing inherited or put on a prototype by others is taken
// for an answer. Whatever is no value is packed as what it is, and refused on the other side, in the words that every
// language shares.

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const TEXT = 4;
const LIST = 5;
const RECORD = 6;
const BROKEN_TEXT = 7;
const HUGE = 8;
const STRANGE = 9;
const DETACHED = 10;
const NAMELESS = 11;

/** Beyond what the other side reads: lists and objects inside each other, and values. */
const DEPTH = 100;
const MOST = 40_000_000;
/** Room that is kept for the next value. */
const KEPT = 1 << 16;

/** Gives what stands for an object of ours. */
export const PLAIN = Symbol("value-model");

const TypedArray = Object.getPrototypeOf(Uint8Array);

class Packer {
  numbers = new Float64Array(1024);
  used = 0;
  texts = "";
  depth = 0;

  push(number) {
    if (this.used === this.numbers.length) this.grow(this.used + 1);
    this.numbers[this.used++] = number;
  }

  grow(least) {
    const larger = new Float64Array(Math.max(least, this.numbers.length * 2));
    larger.set(this.numbers.subarray(0, this.used));
    this.numbers = larger;
  }

  text(text) {
    if (text.isWellFormed()) {
      this.push(TEXT);
      this.push(text.length);
      this.texts += text;
    } else {
      this.words(BROKEN_TEXT, text.toWellFormed());
    }
  }

  words(kind, text) {
    this.push(kind);
    this.push(text.length);
    this.texts += text;
  }

  value(value) {
    switch (typeof value) {
      case "number":
        return this.number(value);
      case "string":
        return this.text(value);
      case "boolean":
        return this.push(value ? TRUE : FALSE);
      case "undefined":
        return this.push(NULL);
      case "bigint":
        return this.whole(value);
      case "object":
        return value === null ? this.push(NULL) : this.object(value);
      default:
        return this.words(STRANGE, typeof value);
    }
  }

  number(value) {
    // What JSON writes in digits is a whole number to everybody else. From 1e21 on it is written with an exponent.
    if ((value > Number.MAX_SAFE_INTEGER + 1 || value < -Number.MAX_SAFE_INTEGER - 1) && value < 1e21 && value > -1e21) {
      this.push(HUGE);
    } else {
      this.push(NUMBER);
      this.push(value);
    }
  }

  whole(value) {
    if (value <= 2n ** 53n && value >= -(2n ** 53n)) this.number(Number(value));
    else this.push(HUGE);
  }

  object(value) {
    // One that holds itself ends here; so does more than anybody reads.
    if (this.depth >= DEPTH || this.used >= MOST) return this.push(NULL);
    this.depth += 1;
    this.inside(value);
    this.depth -= 1;
  }

  inside(value) {
    if (Array.isArray(value)) return this.list(value);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.record(value);
    if (typeof value[PLAIN] === "function") return this.value(value[PLAIN]());
    if (value instanceof Date) return this.text(day(value));
    if (value instanceof TypedArray) return this.typed(value);
    if (value instanceof Map) return this.map(value);
    if (value instanceof Number || value instanceof String || value instanceof Boolean) return this.value(value.valueOf());
    if (isStrange(value)) return this.words(STRANGE, kindOf(value));
    this.record(value);
  }

  list(value) {
    const count = value.length;
    this.push(LIST);
    this.push(count);
    for (let index = 0; index < count && this.used < MOST; index++) this.value(value[index]);
  }

  record(value) {
    const names = Object.keys(value);
    this.push(RECORD);
    const place = this.used;
    this.push(names.length);
    let count = 0;
    for (const name of names) {
      const field = value[name];
      // As TypeScript has it, an optional field may be there and undefined.
      if (field === undefined) continue;
      this.text(name);
      this.value(field);
      count += 1;
    }
    this.numbers[place] = count;
  }

  map(value) {
    this.push(RECORD);
    this.push(value.size);
    for (const [name, field] of value) {
      if (typeof name === "string") this.text(name);
      else this.push(NAMELESS);
      this.value(field);
    }
  }

  typed(value) {
    if (isDetached(value)) return this.push(DETACHED);
    this.list(value);
  }
}

/** A date at midnight, UTC, is a day; any other is a moment, which is refused where a day is asked for. */
export function day(date) {
  if (Number.isNaN(date.getTime())) return String(date);
  const text = date.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, -14) : text;
}

/** Whether an array's memory was given away. */
export function isDetached(array) {
  if (array.length > 0 || array.byteLength > 0) return false;
  try {
    return new Uint8Array(array.buffer).length < 0;
  } catch {
    return true;
  }
}

/** Containers of the language that are no objects with fields. */
function isStrange(value) {
  return (
    value instanceof Set || value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise ||
    value instanceof RegExp || value instanceof ArrayBuffer || value instanceof DataView || value instanceof Error ||
    Object.prototype.toString.call(value) === "[object SharedArrayBuffer]"
  );
}

function kindOf(value) {
  const name = value.constructor?.name;
  return typeof name === "string" ? name.toWellFormed() : "object";
}

let idle = new Packer();

/** Packs some values and hands them over; a getter that is read meanwhile may call us again. */
export function packed(values, use) {
  const packer = idle ?? new Packer();
  idle = undefined;
  try {
    for (const value of values) packer.value(value);
    const { numbers, used, texts } = packer;
    return use(numbers.subarray(0, used), texts);
  } finally {
    packer.used = 0;
    packer.texts = "";
    packer.depth = 0;
    if (packer.numbers.length <= KEPT) idle = packer;
    else idle = new Packer();
  }
}
