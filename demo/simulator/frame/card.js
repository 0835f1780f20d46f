// What may be typed in each field: how it is written, and whether it is right.
import validator from "card-validator";
import creditCardType from "credit-card-type";

const digits = (text) => text.replace(/\D/g, "");

export function cards(number) {
  return creditCardType(digits(number)).map((card) => ({
    ...card,
    type: card.type === "mastercard" ? "master-card" : card.type,
  }));
}

const only = (possible) => (possible.length === 1 ? possible[0] : undefined);

function number(text, field) {
  const card = only(cards(text));
  const longest = card ? Math.max(...card.lengths) : 19;
  const gaps = card ? card.gaps : [4, 8, 12];
  const kept = digits(text).slice(0, field.maxlength || longest);
  return [...kept].map((digit, place) => (gaps.includes(place) ? ` ${digit}` : digit)).join("");
}

function expirationDate(text, field, deleting) {
  let kept = /^\d\s*\//.test(text) ? `0${digits(text)}` : digits(text);
  if (/^[2-9]/.test(kept)) kept = `0${kept}`;
  const month = kept.slice(0, 2);
  const year = kept.slice(2, kept.slice(2, 4) === "20" ? 6 : 4);
  const parted = year || (month.length === 2 && !deleting);
  return parted ? `${month} / ${year}` : month;
}

function cvv(text, field, deleting, card) {
  return digits(text).slice(0, field.maxlength || (card ? card.code.size : 4));
}

export const fields = {
  number: {
    write: number,
    check: (text) => validator.number(text),
  },
  expirationDate: {
    write: expirationDate,
    check: (text) => validator.expirationDate(text),
  },
  cvv: {
    write: cvv,
    check: (text, card) => validator.cvv(text, card ? card.code.size : [3, 4]),
  },
  postalCode: {
    textual: true,
    write: (text, field) => text.slice(0, field.maxlength || 8),
    check: (text, card, field) => validator.postalCode(text, { minLength: field.minlength || 3 }),
  },
  cardholderName: {
    textual: true,
    write: (text) => text.slice(0, 255),
    check: (text) => validator.cardholderName(text),
  },
};

export { only };
