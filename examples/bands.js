// The status of a reading by the bands that to_json writes; exact, since numbers are compared as decimals.
// A number stands for the shortest decimal that it prints as, as in the library: 0.1 + 0.2 is 0.30000000000000004.
"use strict";

// "-94.70" and "1e-7" as whole numbers with a power of ten: [-9470n, -2] and [1n, -7]
function exact(text) {
  const found = /^([+-]?\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,3}))?$/i.exec(String(text).trim());
  if (!found) return null;
  const decimals = found[2] || "";
  return [BigInt(found[1] + decimals), Number(found[3] || 0) - decimals.length];
}

// less than zero, zero or more than zero, as a is before, on or after b
function compare(a, b) {
  const power = Math.min(a[1], b[1]);
  const difference = a[0] * 10n ** BigInt(a[1] - power) - b[0] * 10n ** BigInt(b[1] - power);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function status(bands, reading) {
  if (bands.scale) {
    const index = bands.scale.findIndex((label) => label.toLowerCase() === String(reading).trim().toLowerCase());
    return index < 0 ? "unrated" : status({ ...bands, scale: null, unit: null }, index);
  }
  if (reading === Infinity) return bands.statuses[bands.cuts.length];
  if (reading === -Infinity) return bands.statuses[0];
  const number = bands.unit === "date" ? (text) => exact(/^\d{4}-\d\d-\d\d$/.test(text) ? text.replaceAll("-", "") : "") : exact;
  const value = number(reading);
  if (!value || (bands.unit === "place" && !(reading >= 1 && reading % 1 === 0))) return "unrated";
  const before = (cut) => compare(value, number(cut.at)) >= (cut.side === "before" ? 0 : 1);
  return bands.statuses[bands.cuts.filter(before).length];
}

module.exports = { status };
