/**
 * SASLprep (RFC 4013) as PostgreSQL applies it to passwords: one that is ASCII, or that the profile forbids, is used as
 * it is. The profile's table of code points unassigned in Unicode 3.2 is not carried: such a password is normalised here
 * and not there, which differs only where NFKC changes it.
 */
export function prepared(password: string): string {
  if (isAscii(password)) return password
  const mapped = password.replace(otherSpaces, ' ').replace(mappedToNothing, '').normalize('NFKC')
  const acceptable = mapped.length > 0 && !prohibited.test(mapped) && isOneDirection(mapped)
  return acceptable ? mapped : password
}

// RFC 3454 C.1.2 and B.1
const otherSpaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g
// biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points of table B.1, not sequences
const mappedToNothing = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g
// RFC 3454 C.2.1, C.2.2, C.3 to C.9
const prohibited =
  /[\u0000-\u001f\u007f-\u009f\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\uffff\ufdd0-\ufdef\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\p{Co}\p{Cs}\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]|[\u{1fffe}\u{1ffff}]|\u0340|\u0341/u
const rightToLeft = /[\u05be\u05c0\u05c3\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u
const leftToRight =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text)
}

/** RFC 3454 section 6: right-to-left text holds no left-to-right letter and begins and ends right-to-left. */
function isOneDirection(text: string): boolean {
  if (!rightToLeft.test(text)) return true
  const letters = [...text]
  return !leftToRight.test(text) && rightToLeft.test(letters.at(0) ?? '') && rightToLeft.test(letters.at(-1) ?? '')
}
