// As the server sees it: a full stop after a title or an initial ends nothing, nor a mark before a small letter.
const END =
  /(?<!\b(?:Mrs?|Ms|Dr|St|Mt|Prof|Capt|[A-HJ-Z]))[.!?…]["'”’»)*_]*(?=\s+[^\sa-zà-öø-ÿ])|[。！？]["'”’」』）]*/u;

/** `text` to the end of its first sentence. */
export function firstSentence(text: string): string {
  const end = END.exec(text);
  return end ? text.slice(0, end.index + end[0].length) : text;
}
