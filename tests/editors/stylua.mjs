// Names the Lua files that StyLua would write otherwise; with --write first, writes them. StyLua is a WebAssembly library
// here, for its program is in no package registry.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const root = new URL('../../', import.meta.url);
const stylua = createRequire(new URL('.editors/stylua/', root))('@johnnymorganz/stylua');
const settings = readFileSync(new URL('editors/neovim/stylua.toml', root), 'utf8').matchAll(/^(\w+) = "?(\w+)"?$/gm);
const chosen = [...settings].map(([, name, value]) => {
  const values = stylua[name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())];
  return [name, values ? values[value] : Number(value)];
});

const files = process.argv.slice(2);
const writes = files[0] === '--write';
for (const file of files.slice(writes ? 1 : 0)) {
  const code = readFileSync(file, 'utf8');
  const config = Object.assign(stylua.Config.new(), Object.fromEntries(chosen)); // formatting uses it up
  const formatted = stylua.formatCode(code, config, undefined, stylua.OutputVerification.Full);
  if (formatted !== code) {
    if (writes) writeFileSync(file, formatted);
    console.log(file);
  }
}
