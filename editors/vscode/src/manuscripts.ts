// Files and unsaved drafts only: a commit message or a chat box is no manuscript.
export const MANUSCRIPTS = ['file', 'untitled'].flatMap((scheme) =>
  ['markdown', 'plaintext'].map((language) => ({ scheme, language })),
);
